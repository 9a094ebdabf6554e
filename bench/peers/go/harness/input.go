package harness

import (
	"bufio"
	"context"
	"fmt"
	"iter"
	"os"
	"strings"
)

// Tuple is a tuple, or a question: does subject have relation to object?
type Tuple struct{ Object, Relation, Subject string }

type check struct {
	Tuple
	allowed bool
}

// Batches are all tuples in turn, or the error that ended them.
type Batches = iter.Seq2[[]Tuple, error]

// PerBatch is how many tuples a batch has, the last one fewer.
const PerBatch = 1000

// readTuples reads them as they are asked for, so that what the heap has grown by is the engine's, and stops with the context.
func readTuples(ctx context.Context, path string, m *meter) Batches {
	return func(yield func([]Tuple, error) bool) {
		batch := make([]Tuple, 0, PerBatch)
		for line, err := range lines(path) {
			parsed, problem := parse(ctx, line, err)
			if problem != nil {
				yield(nil, problem)
				return
			}
			if batch = append(batch, parsed); len(batch) < PerBatch {
				continue
			}
			if !yield(batch, nil) {
				return
			}
			m.done.Add(int64(len(batch)))
			batch = batch[:0]
		}
		if len(batch) > 0 {
			yield(batch, nil)
		}
	}
}

func parse(ctx context.Context, line string, err error) (Tuple, error) {
	if err != nil {
		return Tuple{}, err
	}
	if ctx.Err() != nil {
		return Tuple{}, ctx.Err()
	}
	return parseTuple(line)
}

func readChecks(path string) ([]check, error) {
	var checks []check
	for line, err := range lines(path) {
		if err != nil {
			return nil, err
		}
		flag, text, _ := strings.Cut(line, " ")
		parsed, err := parseTuple(text)
		if err != nil {
			return nil, err
		}
		checks = append(checks, check{parsed, flag == "1"})
	}
	return checks, nil
}

func countLines(path string) (int, error) {
	count := 0
	for _, err := range lines(path) {
		if err != nil {
			return 0, err
		}
		count++
	}
	return count, nil
}

func lines(path string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		file, err := os.Open(path)
		if err != nil {
			yield("", err)
			return
		}
		defer file.Close()
		scanner := bufio.NewScanner(file)
		for scanner.Scan() {
			if !yield(scanner.Text(), nil) {
				return
			}
		}
		if err := scanner.Err(); err != nil {
			yield("", err)
		}
	}
}

func parseTuple(text string) (Tuple, error) {
	left, subject, hasSubject := strings.Cut(text, "@")
	object, relation, hasRelation := strings.Cut(left, "#")
	if !hasSubject || !hasRelation {
		return Tuple{}, fmt.Errorf("not a tuple: %q", text)
	}
	return Tuple{object, relation, subject}, nil
}
