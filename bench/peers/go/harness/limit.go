package harness

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"time"
)

// meter says how far a phase is.
type meter struct {
	phase, things string
	done          atomic.Int64
	all           int
}

func (m *meter) String() string {
	return fmt.Sprintf("%s: %d of %d %s", m.phase, m.done.Load(), m.all, m.things)
}

// within runs work until it ends or the limit passes, and says every few seconds how far it is. Work that does not end
// when its context does is not waited for: the process has nothing more to do then.
func within[T any](ctx context.Context, limit time.Duration, phase, things string, all int, work func(context.Context, *meter) (T, error)) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	type outcome struct {
		value T
		err   error
	}
	m := &meter{phase: phase, things: things, all: all}
	ended := make(chan outcome, 1)
	go func() {
		value, err := work(ctx, m)
		ended <- outcome{value, err}
	}()
	every := time.NewTicker(3 * time.Second)
	defer every.Stop()
	for {
		select {
		case o := <-ended:
			switch {
			case o.err == nil || errors.As(o.err, new(disagreement)):
				return o.value, o.err
			case ctx.Err() != nil:
				return o.value, passed(m, limit)
			default:
				return o.value, fmt.Errorf("%v: %w", m, o.err)
			}
		case <-ctx.Done():
			return *new(T), passed(m, limit)
		case <-every.C:
			fmt.Fprintln(os.Stderr, m)
		}
	}
}

func passed(m *meter, limit time.Duration) error {
	return fmt.Errorf("stopped after %v, %v", limit, m)
}
