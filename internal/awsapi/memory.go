package awsapi

import (
	"context"
	"net/http"
	"time"

	"golang.org/x/sync/semaphore"

	"github.com/tocsin-dev/tocsin/internal/awsapi/wire"
)

// memory bounds what the requests that are being answered take together. A
// request is let in for as many bytes as its body may come to; what is small
// never waits, so that large requests do not hold up the others.
type memory struct {
	maxBody int64
	free    *semaphore.Weighted
}

const (
	smallBody = 64 << 10         // does not count
	maxQueue  = 10 * time.Second // before a client is asked to come again
	// maxRatio is how many bytes one byte of gzip can become (RFC 1951: 258
	// bytes for two bits).
	maxRatio = 1032
)

// newMemory has room for two bodies of the largest size, or for more smaller ones.
func newMemory(maxBody int64) *memory {
	return &memory{maxBody: maxBody, free: semaphore.NewWeighted(2 * maxBody)}
}

// admit waits until there is room for the request, and returns what it takes.
func (m *memory) admit(r *http.Request) (weight int64, err error) {
	if weight = m.weigh(r); weight == 0 {
		return 0, nil
	}
	ctx, cancel := context.WithTimeout(r.Context(), maxQueue)
	defer cancel()
	if m.free.Acquire(ctx, weight) != nil {
		return 0, &wire.Error{Shape: wire.ServiceUnavailable, Message: "Too many large requests at once. Please try again."}
	}
	return weight, nil
}

func (m *memory) dismiss(weight int64) { m.free.Release(weight) }

func (m *memory) weigh(r *http.Request) int64 {
	size := r.ContentLength
	if size < 0 {
		size = m.maxBody
	}
	if r.Header.Get("Content-Encoding") != "" {
		size = min(size, m.maxBody) * maxRatio
	}
	if size <= smallBody {
		return 0
	}
	return min(size, m.maxBody)
}
