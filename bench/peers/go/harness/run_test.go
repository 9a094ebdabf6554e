package harness

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// fake allows what it was loaded with.
type fake map[Tuple]bool

func (f fake) Check(_ context.Context, question Tuple) (bool, error) { return f[question], nil }

func openFake(_ context.Context, setup Setup) (Engine, error) {
	made := fake{}
	for batch, err := range setup.Tuples {
		if err != nil {
			return nil, err
		}
		for _, t := range batch {
			made[t] = true
		}
	}
	return made, nil
}

func openNever(context.Context, Setup) (Engine, error) { select {} }

func openFailing(context.Context, Setup) (Engine, error) { return nil, errors.New("no room") }

var program = Program{Stores: map[string]Open{"fake": openFake, "never": openNever, "failing": openFailing}}

func measured(t *testing.T, engine, checks string) (Result, error) {
	t.Helper()
	folder := t.TempDir()
	files := map[string]string{"tuples": "doc:a#viewer@user:x\ndoc:b#viewer@user:y\n", "checks": checks}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	limit := 20 * time.Second
	if engine == "never" {
		limit = 200 * time.Millisecond
	}
	j := job{engine, filepath.Join(folder, "tuples"), filepath.Join(folder, "checks"), time.Second, limit}
	return program.run(context.Background(), j, folder)
}

var right = strings.Repeat("1 doc:a#viewer@user:x\n0 doc:a#viewer@user:y\n", 40)

func TestTimesEveryCheckAfterTheFirst(t *testing.T) {
	result, err := measured(t, "fake", right)
	if err != nil || result.LeftOut != "" || result.Tuples != 2 || result.Compared != 80-warmup {
		t.Fatalf("%+v, %v", result, err)
	}
	if result.MeanNs <= 0 || result.Shares["50"] <= 0 || result.AgainNs <= 0 {
		t.Fatalf("no times: %+v", result.Times)
	}
}

func TestADecisionThatDiffersEndsTheRun(t *testing.T) {
	_, err := measured(t, "fake", right+"1 doc:b#viewer@user:x\n")
	if !errors.As(err, new(disagreement)) || !strings.Contains(err.Error(), "{doc:b viewer user:x} is false, expected true") {
		t.Fatal(err)
	}
}

func TestAnEngineThatDoesNotEndIsLeftOut(t *testing.T) {
	result, err := measured(t, "never", right)
	if err != nil || result.Times != nil || result.LeftOut != "stopped after 200ms, loading: 0 of 2 tuples" {
		t.Fatalf("%+v, %v", result, err)
	}
}

func TestAnEngineThatFailsIsLeftOut(t *testing.T) {
	result, err := measured(t, "failing", right)
	if err != nil || result.LeftOut != "loading: 0 of 2 tuples: no room" {
		t.Fatalf("%+v, %v", result, err)
	}
}

func TestTooFewChecksAreNoFigure(t *testing.T) {
	result, err := measured(t, "fake", "1 doc:a#viewer@user:x\n")
	if err != nil || !strings.Contains(result.LeftOut, "more than 32 checks are needed") {
		t.Fatalf("%+v, %v", result, err)
	}
}
