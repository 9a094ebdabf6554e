package harness

import (
	"context"
	"fmt"
	"syscall"
	"time"
)

// The first checks are not counted.
const warmup = 32

// fewest is how many checks a figure needs, however long they take.
const fewest = 32

// disagreement is an answer that is not the expected one: a fault of the benchmark or of an engine, and no figure.
type disagreement struct {
	check
}

func (d disagreement) Error() string {
	return fmt.Sprintf("disagrees: %v is %v, expected %v", d.Tuple, !d.allowed, d.allowed)
}

// pass is what the checks of one pass took: each by the clock, and all by the processor.
type pass struct {
	times     []time.Duration
	processor time.Duration
}

// timeEach times each check once, as far as the budget reaches. Every decision is compared; one that differs ends the run.
func timeEach(ctx context.Context, made Engine, checks []check, budget time.Duration, m *meter) (pass, error) {
	var p pass
	var processorBefore time.Duration
	deadline := time.Now().Add(budget)
	for i, c := range checks {
		if i == warmup {
			processorBefore = processor()
		}
		start := time.Now()
		allowed, err := made.Check(ctx, c.Tuple)
		taken := time.Since(start)
		if err != nil {
			return p, fmt.Errorf("%v: %w", c.Tuple, err)
		}
		if allowed != c.allowed {
			return p, disagreement{c}
		}
		if i >= warmup {
			p.times = append(p.times, taken)
		}
		m.done.Add(1)
		if len(p.times) >= fewest && time.Now().After(deadline) {
			break
		}
	}
	if len(p.times) == 0 {
		return p, fmt.Errorf("more than %d checks are needed", warmup)
	}
	p.processor = processor() - processorBefore
	return p, nil
}

// processor is the time that all threads of this process have computed, those of the garbage collector included.
func processor() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
