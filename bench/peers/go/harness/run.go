package harness

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"
)

// Result is what one engine took for one check, in nanoseconds, or why it is left out.
type Result struct {
	Engine  string `json:"engine"`
	Version string `json:"version"`
	Tuples  int    `json:"tuples"`
	LeftOut string `json:"leftOut,omitempty"`
	*Times
}

// run loads the engine and times its checks. What the engine cannot do within the limit, or at all, is a result;
// an answer that differs from the expected one is an error.
func (p Program) run(ctx context.Context, j job, scratch string) (Result, error) {
	result := Result{Engine: j.engine, Version: version(p.Module)}
	open, known := p.Stores[j.engine]
	if !known {
		return result, fmt.Errorf("there is no engine %q", j.engine)
	}
	count, err := countLines(j.tuples)
	if err != nil {
		return result, err
	}
	checks, err := readChecks(j.checks)
	if err != nil {
		return result, err
	}
	result.Tuples = count
	result.Times, err = measure(ctx, j, open, scratch, count, checks)
	if errors.As(err, new(disagreement)) {
		return result, err
	}
	if err != nil {
		result.LeftOut = err.Error()
	}
	return result, nil
}

func measure(ctx context.Context, j job, open Open, scratch string, count int, checks []check) (*Times, error) {
	heapBefore := heap()
	started := time.Now()
	made, err := within(ctx, j.limit, "loading", "tuples", count, func(ctx context.Context, m *meter) (Engine, error) {
		return open(ctx, Setup{Tuples: readTuples(ctx, j.tuples, m), Scratch: scratch})
	})
	if err != nil {
		return nil, err
	}
	loaded := time.Since(started)
	heapBytes := int64(heap()) - int64(heapBefore)
	first, err := within(ctx, j.limit, "checking", "checks", len(checks), func(ctx context.Context, m *meter) (pass, error) {
		return timeEach(ctx, made, checks, j.budget, m)
	})
	if err != nil {
		return nil, err
	}
	asked := checks[:warmup+len(first.times)]
	again, err := within(ctx, j.limit, "checking again", "checks", len(asked), func(ctx context.Context, m *meter) (pass, error) {
		return timeEach(ctx, made, asked, j.budget, m)
	})
	if err != nil {
		return nil, err
	}
	times := summarise(first, again)
	times.LoadMs = float64(loaded.Microseconds()) / 1000
	times.HeapBytes = heapBytes
	return times, nil
}

func heap() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}
