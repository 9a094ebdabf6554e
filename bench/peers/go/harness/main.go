// Package harness runs the relations workload of the benchmark in an engine written in Go, inside this process. It reads what
// `../../zanzibar/files.ts` writes: tuples, and checks with the decision that is expected; one that differs ends the run. It
// prints one line of JSON, and to stderr how far it is.
//
// Each engine has a module of its own around this package: in a common one, both get the newest library that one of them asks
// for, and SpiceDB is several times as slow with OpenFGA's: protovalidate, which looks at its requests, compiles regular
// expressions for each of them with cel-go v0.31, and once with v0.27.
package harness

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"
)

// Engine decides one check.
type Engine interface {
	Check(ctx context.Context, question Tuple) (bool, error)
}

// Setup is what an engine is made of.
type Setup struct {
	Tuples Batches
	// Scratch is a folder for what the engine keeps in files; it goes when the run ends.
	Scratch string
}

// Open makes an engine that has all tuples.
type Open func(ctx context.Context, setup Setup) (Engine, error)

// Program is an engine, over each of the stores that it is measured with.
type Program struct {
	// Module is the engine's path, by which its version is known.
	Module string
	Stores map[string]Open
}

type job struct {
	engine, tuples, checks string
	// budget is how long to check; limit, how long loading or checking may take before the engine is left out.
	budget, limit time.Duration
}

// Main is the program: it measures what the command line says and ends the process.
func (p Program) Main() {
	var j job
	names := strings.Join(slices.Sorted(maps.Keys(p.Stores)), ", ")
	flag.StringVar(&j.engine, "engine", "", "one of "+names)
	flag.StringVar(&j.tuples, "tuples", "", "file with a tuple a line: object#relation@subject")
	flag.StringVar(&j.checks, "checks", "", "file with a check a line: 1 or 0, a space, object#relation@subject")
	flag.DurationVar(&j.budget, "budget", 10*time.Second, "how long to check")
	flag.DurationVar(&j.limit, "limit", 2*time.Minute, "how long loading, or checking, may take before the engine is left out")
	flag.Parse()
	if err := p.print(j); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func (p Program) print(j job) error {
	scratch, err := os.MkdirTemp("", "bench-zanzibar-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	result, err := p.run(context.Background(), j, scratch)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(result)
}
