package trail

import "crypto/sha256"

// verdict is what is known about one version of a file.
type verdict int

const (
	unknown  verdict = iota
	reported         // it failed for a reason that may pass, and that was said
	settled          // it was taken in, or will never be: not to be looked at again
)

// memory keeps the verdict on every file that is there, in some fifty bytes
// each, so that looking at a hundred thousand known files costs no question to
// the store. It forgets files that are gone.
type memory struct {
	verdicts map[memoryKey]remembered
	round    int
}

type memoryKey [16]byte

type remembered struct {
	verdict verdict
	round   int
}

func keyOf(o Object) memoryKey {
	sum := sha256.Sum256([]byte(o.ID + "\x00" + o.Version))
	return memoryKey(sum[:16])
}

func (m *memory) verdict(o Object) verdict {
	key := keyOf(o)
	r, ok := m.verdicts[key]
	if ok {
		m.verdicts[key] = remembered{r.verdict, m.round}
	}
	return r.verdict
}

func (m *memory) set(o Object, v verdict) {
	if m.verdicts == nil {
		m.verdicts = map[memoryKey]remembered{}
	}
	m.verdicts[keyOf(o)] = remembered{v, m.round}
}

// forget ends a round: what was not looked at during it is gone.
func (m *memory) forget() {
	for key, r := range m.verdicts {
		if r.round < m.round {
			delete(m.verdicts, key)
		}
	}
	m.round++
}
