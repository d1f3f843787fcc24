package alarm

import (
	"fmt"
	"hash/fnv"
	"sync"
	"time"

	"github.com/tocsin-dev/tocsin/internal/arn"
	"github.com/tocsin-dev/tocsin/internal/metric"
)

// index is all alarms in memory: a landing or a tick touches only those that it
// concerns.
type index struct {
	offset func(string) time.Duration

	mu       sync.RWMutex
	byName   map[name]*entry
	watchers map[series]map[*entry]struct{}
	minute   [60]map[*entry]struct{} // by second of the minute
	fast     [10]map[*entry]struct{} // periods below a minute, by second of ten
	graph
}

type name struct {
	scope arn.Scope
	name  string
}

type series struct {
	scope arn.Scope
	key   string
}

// entry is an alarm in the index. Its alarm is replaced, never written to.
type entry struct {
	alarm     *Alarm
	statistic metric.Statistic // of a metric alarm
	rule      *rule            // of a composite alarm
}

func newIndex(offset func(string) time.Duration) *index {
	x := &index{offset: offset, byName: map[name]*entry{}, watchers: map[series]map[*entry]struct{}{}, graph: newGraph()}
	for i := range x.minute {
		x.minute[i] = map[*entry]struct{}{}
	}
	for i := range x.fast {
		x.fast[i] = map[*entry]struct{}{}
	}
	return x
}

// reset replaces what is in the index.
func (x *index) reset(alarms []Alarm) error {
	fresh := newIndex(x.offset)
	for _, a := range alarms {
		if err := fresh.put(a); err != nil {
			return err
		}
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.byName, x.watchers, x.minute, x.fast, x.graph = fresh.byName, fresh.watchers, fresh.minute, fresh.fast, fresh.graph
	return nil
}

// put adds an alarm or replaces the one of its name.
func (x *index) put(a Alarm) error {
	fresh, err := newEntry(a)
	if err != nil {
		return fmt.Errorf("alarm %s: %w", a.Name, err)
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	e := x.byName[name{a.Scope, a.Name}]
	if e == nil {
		e = &entry{}
		x.byName[name{a.Scope, a.Name}] = e
	} else {
		x.unlink(e)
	}
	*e = fresh
	if e.rule != nil {
		x.graph.link(e)
		return nil
	}
	link(x.watchers, series{a.Scope, a.Metric.ID()}, e)
	x.slot(a)[e] = struct{}{}
	return nil
}

func newEntry(a Alarm) (e entry, err error) {
	e.alarm = &a
	if a.AlarmRule != "" {
		e.rule, err = newRule(a.Scope, a.AlarmRule)
	} else {
		e.statistic, err = a.statistic()
	}
	return e, err
}

// link and unlink add and remove an entry under a key.
func link[K comparable](to map[K]map[*entry]struct{}, key K, e *entry) {
	if to[key] == nil {
		to[key] = map[*entry]struct{}{}
	}
	to[key][e] = struct{}{}
}

func unlink[K comparable](from map[K]map[*entry]struct{}, key K, e *entry) {
	delete(from[key], e)
	if len(from[key]) == 0 {
		delete(from, key)
	}
}

func (x *index) remove(scope arn.Scope, alarm string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if e := x.byName[name{scope, alarm}]; e != nil {
		x.unlink(e)
		delete(x.byName, name{scope, alarm})
	}
}

func (x *index) unlink(e *entry) {
	if e.rule != nil {
		x.graph.unlink(e)
		return
	}
	unlink(x.watchers, series{e.alarm.Scope, e.alarm.Metric.ID()}, e)
	delete(x.slot(*e.alarm), e)
}

// slot is where the alarm's second is.
func (x *index) slot(a Alarm) map[*entry]struct{} {
	second := int(x.offset(a.ARN())/time.Second%60+60) % 60
	if a.Rule.Period < time.Minute {
		return x.fast[second%10]
	}
	return x.minute[second]
}

func (x *index) find(scope arn.Scope, alarm string) *entry {
	x.mu.RLock()
	defer x.mu.RUnlock()
	e := x.byName[name{scope, alarm}]
	if e == nil {
		return nil
	}
	copied := *e
	return &copied
}

// evaluated are the metric alarms: those that data decide. Like due and watching
// it returns copies of entries.
func (x *index) evaluated() []entry {
	x.mu.RLock()
	defer x.mu.RUnlock()
	entries := make([]entry, 0, len(x.byName))
	for _, e := range x.byName {
		if e.rule == nil {
			entries = append(entries, *e)
		}
	}
	return entries
}

// due are the alarms whose second it is.
func (x *index) due(second time.Time) []entry {
	x.mu.RLock()
	defer x.mu.RUnlock()
	var entries []entry
	for _, set := range []map[*entry]struct{}{x.minute[second.Second()], x.fast[second.Second()%10]} {
		for e := range set {
			entries = append(entries, *e)
		}
	}
	return entries
}

// watching are the alarms on a metric.
func (x *index) watching(s metric.Series) []entry {
	x.mu.RLock()
	defer x.mu.RUnlock()
	var entries []entry
	for e := range x.watchers[series{s.Scope, s.Key.ID()}] {
		entries = append(entries, *e)
	}
	return entries
}

// hashOffset spreads alarms over the minute.
func hashOffset(alarmARN string) time.Duration {
	h := fnv.New32a()
	h.Write([]byte(alarmARN)) // a hash never fails
	return time.Duration(h.Sum32()%60) * time.Second
}
