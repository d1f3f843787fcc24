package trail

import (
	"slices"
	"sync"
	"time"
)

// maxFailures is how many failures are kept. Older ones are forgotten.
const maxFailures = 1000

// maxRecordFailures is how many records of one file are listed one by one.
const maxRecordFailures = 20

// maxLeftOut is how many records of a file may be at fault before the file is
// refused: going through a gigabyte of them would keep other files waiting.
const maxLeftOut = 100_000

// Failure is something that could not be taken in: a file, a folder or a record.
type Failure struct {
	Time   time.Time
	Object string // slash-separated path below the source
	Reason string
}

// failures is a bounded list, oldest first. It is safe for concurrent use.
type failures struct {
	mu   sync.Mutex
	list []Failure
}

func (f *failures) add(failure Failure) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.list) == maxFailures {
		f.list = slices.Delete(f.list, 0, 1)
	}
	f.list = append(f.list, failure)
}

// resolve forgets the failures of an object.
func (f *failures) resolve(object string) (found bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	before := len(f.list)
	f.list = slices.DeleteFunc(f.list, func(failure Failure) bool { return failure.Object == object })
	return len(f.list) < before
}

func (f *failures) has(object string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.ContainsFunc(f.list, func(failure Failure) bool { return failure.Object == object })
}

func (f *failures) all() []Failure {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.list)
}
