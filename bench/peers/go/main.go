// The relations workload of the benchmark, in engines written in Go, inside this process: SpiceDB over its in-memory
// connection, OpenFGA by the methods of its server. It reads what `../../zanzibar/run.ts` writes: tuples, and checks with
// the decision that is expected; one that differs ends the run.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"
)

// A tuple, or a question: does subject have relation to object?
type tuple struct{ object, relation, subject string }

type check struct {
	tuple
	allowed bool
}

// engine decides one check.
type engine interface {
	check(ctx context.Context, c tuple) (bool, error)
}

type open func(ctx context.Context, tuples []tuple) (engine, error)

var engines = map[string]open{"spicedb": openSpiceDB, "openfga": openOpenFGA, "openfga-sqlite": openOpenFGASQLite}

// scratch is a folder for what an engine keeps in files; it goes when the run ends.
var scratch string

// Result is what one engine took for one check, in nanoseconds.
type Result struct {
	Engine    string             `json:"engine"`
	Version   string             `json:"version"`
	Tuples    int                `json:"tuples"`
	Compared  int                `json:"compared"`
	LoadMs    float64            `json:"loadMs"`
	HeapBytes int64              `json:"heapBytes"`
	MeanNs    float64            `json:"meanNs"`
	Shares    map[string]float64 `json:"percentilesNs"`
}

func main() {
	name := flag.String("engine", "spicedb", "spicedb, openfga or openfga-sqlite")
	tuplesFile := flag.String("tuples", "", "file with a tuple a line: object#relation@subject")
	checksFile := flag.String("checks", "", "file with a check a line: 1 or 0, a space, object#relation@subject")
	budget := flag.Duration("budget", 10*time.Second, "how long to check")
	flag.Parse()
	if err := run(*name, *tuplesFile, *checksFile, *budget); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(name, tuplesFile, checksFile string, budget time.Duration) error {
	opener, known := engines[name]
	if !known {
		return fmt.Errorf("there is no engine %q", name)
	}
	tuples, err := readTuples(tuplesFile)
	if err != nil {
		return err
	}
	checks, err := readChecks(checksFile)
	if err != nil {
		return err
	}
	if scratch, err = os.MkdirTemp("", "bench-zanzibar-"); err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	ctx := context.Background()
	heapBefore := heap()
	started := time.Now()
	made, err := opener(ctx, tuples)
	if err != nil {
		return err
	}
	loaded := time.Since(started)
	times, err := timeEach(ctx, made, checks, budget)
	if err != nil {
		return err
	}
	result := summarise(times)
	result.Engine, result.Version = name, version(name)
	result.Tuples, result.Compared = len(tuples), len(times)
	result.LoadMs = float64(loaded.Microseconds()) / 1000
	result.HeapBytes = int64(heap()) - int64(heapBefore)
	return json.NewEncoder(os.Stdout).Encode(result)
}

// timeEach times each check once, as far as the budget reaches: engines that keep answers would give them again for nothing.
// The first ones are not counted. Every decision is compared; one that differs ends the run.
func timeEach(ctx context.Context, made engine, checks []check, budget time.Duration) ([]time.Duration, error) {
	var times []time.Duration
	deadline := time.Now().Add(budget)
	for i, c := range checks {
		start := time.Now()
		allowed, err := made.check(ctx, c.tuple)
		taken := time.Since(start)
		if err != nil {
			return nil, fmt.Errorf("%v: %w", c.tuple, err)
		}
		if allowed != c.allowed {
			return nil, fmt.Errorf("disagrees: %v is %v, expected %v", c.tuple, allowed, c.allowed)
		}
		if i >= warmup {
			times = append(times, taken)
		}
		if i >= 2*warmup && time.Now().After(deadline) {
			break
		}
	}
	return times, nil
}

const warmup = 32

func summarise(times []time.Duration) Result {
	sorted := slices.Sorted(slices.Values(times))
	var sum time.Duration
	for _, t := range sorted {
		sum += t
	}
	shares := map[string]float64{}
	for _, share := range []float64{1, 10, 25, 50, 75, 90, 95, 99, 99.9, 99.99} {
		rank := min(len(sorted)-1, int(share/100*float64(len(sorted))))
		shares[strings.TrimSuffix(fmt.Sprintf("%g", share), ".0")] = float64(sorted[rank])
	}
	return Result{MeanNs: float64(sum) / float64(len(sorted)), Shares: shares}
}

func heap() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

func readTuples(path string) ([]tuple, error) {
	var tuples []tuple
	err := eachLine(path, func(line string) error {
		parsed, err := parseTuple(line)
		tuples = append(tuples, parsed)
		return err
	})
	return tuples, err
}

func readChecks(path string) ([]check, error) {
	var checks []check
	err := eachLine(path, func(line string) error {
		flag, text, _ := strings.Cut(line, " ")
		parsed, err := parseTuple(text)
		checks = append(checks, check{parsed, flag == "1"})
		return err
	})
	return checks, err
}

func eachLine(path string, use func(line string) error) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	scanner := bufio.NewScanner(file)
	for scanner.Scan() {
		if err := use(scanner.Text()); err != nil {
			return err
		}
	}
	return scanner.Err()
}

func parseTuple(text string) (tuple, error) {
	left, subject, hasSubject := strings.Cut(text, "@")
	object, relation, hasRelation := strings.Cut(left, "#")
	if !hasSubject || !hasRelation {
		return tuple{}, fmt.Errorf("not a tuple: %q", text)
	}
	return tuple{object, relation, subject}, nil
}
