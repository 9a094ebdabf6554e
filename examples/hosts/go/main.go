package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"sort"
	"time"

	"github.com/tetratelabs/wazero"
)

type recorded struct {
	Image  string   `json:"image"`
	Body   string   `json:"body"`
	Now    *float64 `json:"now"`
	Answer string   `json:"answer"`
}

// Runs the core on recorded bodies and compares the answers: go run . FOLDER (from prepare.mjs).
func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: go run . FOLDER")
		os.Exit(2)
	}
	wrong, err := run(context.Background(), os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	if wrong > 0 {
		os.Exit(1)
	}
}

func run(ctx context.Context, folder string) (int, error) {
	text, err := os.ReadFile(filepath.Join(folder, "cases.json"))
	if err != nil {
		return 0, err
	}
	var cases []recorded
	if err := json.Unmarshal(text, &cases); err != nil {
		return 0, err
	}
	cores, err := load(ctx, folder, cases)
	if err != nil {
		return 0, err
	}
	wrong := 0
	for _, one := range cases {
		answer, err := cores[one.Image].Evaluate(ctx, []byte(one.Body), one.time())
		if err != nil || string(answer) != one.Answer {
			wrong++
			fmt.Printf("%s\n  %s %v, not %s\n", one.Body, answer, err, one.Answer)
		}
	}
	if _, err := cores[cases[0].Image].Evaluate(ctx, []byte(`{"subject": 1, "subject": 2}`), math.NaN()); err == nil {
		wrong++
	} else {
		fmt.Println("a broken body:", err)
	}
	fmt.Printf("go: %d of %d answers are as recorded\n", len(cases)-wrong, len(cases))
	report(ctx, cores, cases)
	return wrong, nil
}

func load(ctx context.Context, folder string, cases []recorded) (map[string]*Core, error) {
	wasm, err := os.ReadFile(filepath.Join(folder, "core.wasm"))
	if err != nil {
		return nil, err
	}
	runtime := wazero.NewRuntime(ctx)
	module, err := runtime.CompileModule(ctx, wasm)
	if err != nil {
		return nil, err
	}
	cores := map[string]*Core{}
	for _, one := range cases {
		if cores[one.Image] != nil {
			continue
		}
		image, err := os.ReadFile(filepath.Join(folder, one.Image))
		if err != nil {
			return nil, err
		}
		if cores[one.Image], err = NewCore(ctx, runtime, module, image); err != nil {
			return nil, fmt.Errorf("%s: %w", one.Image, err)
		}
	}
	return cores, nil
}

func (r recorded) time() float64 {
	if r.Now == nil {
		return math.NaN()
	}
	return *r.Now
}

func report(ctx context.Context, cores map[string]*Core, cases []recorded) {
	var times []time.Duration
	bodies := make([][]byte, len(cases))
	for i, one := range cases {
		bodies[i] = []byte(one.Body)
	}
	for round := 0; round < 20; round++ {
		for i, one := range cases {
			core := cores[one.Image]
			start := time.Now()
			_, _ = core.Evaluate(ctx, bodies[i], one.time())
			times = append(times, time.Since(start))
		}
	}
	sort.Slice(times, func(i, j int) bool { return times[i] < times[j] })
	fmt.Printf("go: p50 %v, p99 %v a body\n", times[len(times)/2], times[len(times)*99/100])
}
