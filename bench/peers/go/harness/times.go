package harness

import (
	"fmt"
	"slices"
	"time"
)

// Times of one check, in nanoseconds.
type Times struct {
	Compared  int     `json:"compared"`
	LoadMs    float64 `json:"loadMs"`
	HeapBytes int64   `json:"heapBytes"`
	// By the clock on the wall.
	MeanNs float64            `json:"meanNs"`
	Shares map[string]float64 `json:"percentilesNs"`
	// By the time that the processor computed, on all threads.
	ProcessorNs float64 `json:"processorMeanNs"`
	// The same checks a second time, when engines that keep answers have them.
	AgainNs float64 `json:"againMeanNs"`
}

func summarise(first, again pass) *Times {
	sorted := slices.Sorted(slices.Values(first.times))
	shares := map[string]float64{}
	for _, share := range []float64{1, 10, 25, 50, 75, 90, 95, 99, 99.9, 99.99} {
		rank := min(len(sorted)-1, int(share/100*float64(len(sorted))))
		shares[fmt.Sprintf("%g", share)] = float64(sorted[rank])
	}
	return &Times{
		Compared:    len(sorted),
		MeanNs:      mean(first.times),
		Shares:      shares,
		ProcessorNs: float64(first.processor) / float64(len(first.times)),
		AgainNs:     mean(again.times),
	}
}

func mean(times []time.Duration) float64 {
	var sum time.Duration
	for _, t := range times {
		sum += t
	}
	return float64(sum) / float64(len(times))
}
