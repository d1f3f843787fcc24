package trail

import (
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
		f.list = append(f.list[:0], f.list[1:]...)
	}
	f.list = append(f.list, failure)
}

// resolve forgets the failures of an object, because it is about to be taken in.
func (f *failures) resolve(object string) (any bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	kept := f.list[:0]
	for _, failure := range f.list {
		if failure.Object != object {
			kept = append(kept, failure)
		}
	}
	any = len(kept) < len(f.list)
	f.list = kept
	return any
}

func (f *failures) all() []Failure {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]Failure(nil), f.list...)
}
