package trail

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"time"

	"github.com/fsnotify/fsnotify"
)

const (
	defaultRescan = 10 * time.Second
	// unwatched is how often to look while the folder cannot be watched, or
	// is not there.
	unwatched = time.Second
	// A failing store is tried again after a pause that doubles.
	minPause, maxPause = 100 * time.Millisecond, 30 * time.Second
	// patience is how long after its last change a truncated file is taken
	// for a copy under way.
	patience = 2 * time.Second
	// minRetry is the shortest pause before a truncated file is read again.
	minRetry = 5 * time.Millisecond
)

// unfinished is a truncated file that may be a copy under way.
type unfinished struct {
	object  Object
	fault   error
	retry   time.Time // when to read it again, if it changes
	giveUp  time.Time // when it is a failure, if it does not
	changed bool
}

// Run takes in what is there and what arrives until the context ends. It looks
// at a new file at once where the system tells of changes, and finds what
// that misses by looking through the folder again. An error of the sink is
// logged, and the folder looked through again after a pause: as nothing is
// checked off that was not committed, no file is lost.
func (f *Folder) Run(ctx context.Context) error {
	f.patience = patience
	w := f.watch()
	defer w.close()
	pause := minPause
	for {
		start := time.Now()
		w.complete = false
		err := f.scan(ctx, w.add)
		f.warn(w)
		if err == nil {
			err = f.follow(ctx, w, start)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err == nil {
			pause = minPause
			continue
		}
		f.log().Error("intake pauses", "dir", f.Dir, "pause", pause, "err", err)
		if !sleep(ctx, pause) {
			return ctx.Err()
		}
		pause = min(2*pause, maxPause)
	}
}

// warn says once that some folder cannot be watched, mostly because the system
// allows too few watches.
func (f *Folder) warn(w *watch) {
	if w.err != nil && !w.warned {
		f.log().Warn("not every folder is watched; all are looked through more often", "dir", f.Dir, "every", unwatched, "err", w.err)
		w.warned = true
	}
}

// follow takes in what changes, until it is time to look through the whole
// folder again.
func (f *Folder) follow(ctx context.Context, w *watch, scanned time.Time) error {
	rescan := time.NewTimer(f.untilRescan(w, time.Since(scanned)))
	defer rescan.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-rescan.C:
			return nil
		case err := <-w.errors:
			f.log().Warn("watch of the folder missed something", "dir", f.Dir, "err", err)
			return nil
		case event := <-w.events:
			if err := f.changed(ctx, w, w.drain(event)); err != nil {
				return err
			}
		case <-f.due():
			if err := f.lookAgain(ctx); err != nil {
				return err
			}
		}
	}
}

// untilRescan keeps looking through a large folder from becoming all there is to do.
func (f *Folder) untilRescan(w *watch, took time.Duration) time.Duration {
	pause := f.Rescan
	if pause <= 0 {
		pause = defaultRescan
	}
	if !w.complete {
		pause = min(pause, unwatched)
	}
	return max(pause, 20*took)
}

// changed looks at paths where something happened, in the order of their names.
func (f *Folder) changed(ctx context.Context, w *watch, names []string) error {
	t, err := f.open()
	if err != nil {
		return nil // the next scan says so
	}
	defer t.Close()
	now := time.Now()
	for _, name := range names {
		rel, err := filepath.Rel(t.dir, name)
		if err != nil || rel == "." {
			continue
		}
		rel = filepath.ToSlash(rel)
		if u, ok := f.waiting[rel]; ok && now.Before(u.retry) {
			u.changed = true
			f.waiting[rel] = u
			continue
		}
		if err := f.look(ctx, t, rel, w.add); err != nil {
			return err
		}
	}
	return nil
}

// look takes in what is at a path, if anything is.
func (f *Folder) look(ctx context.Context, t *tree, name string, found func(string)) error {
	info, err := t.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		delete(f.waiting, name)
		return nil
	case err != nil:
		return nil // the next scan says so
	case info.IsDir() && isSkippedDir(info.Name()):
		return nil
	case info.IsDir():
		return f.scanBelow(ctx, t, name, found)
	}
	if object, ok := f.candidate(t, name, fs.FileInfoToDirEntry(info)); ok {
		return f.takeUnseen(ctx, t, []Object{object})
	}
	return nil
}

// wait notes a truncated file, if it changed so lately that it may be a copy
// under way. It is read again when it changes, but not before as much time has
// passed as the reading took.
func (f *Folder) wait(work *taking, fault error, start time.Time) bool {
	now := time.Now()
	info, err := work.file.Stat()
	if err != nil || now.Sub(info.ModTime()) >= f.patience {
		return false
	}
	if f.waiting == nil {
		f.waiting = map[string]unfinished{}
	}
	f.waiting[work.object.ID] = unfinished{
		object: work.object, fault: fault,
		retry:  now.Add(max(minRetry, now.Sub(start))),
		giveUp: now.Add(f.patience),
		// It may have changed after it was opened and before it was waited for.
		changed: versionOf(info) != work.object.Version,
	}
	return true
}

func (u unfinished) due() time.Time {
	if u.changed {
		return u.retry
	}
	return u.giveUp
}

// due fires when an unfinished file should be looked at; nil if there is none.
func (f *Folder) due() <-chan time.Time {
	if len(f.waiting) == 0 {
		return nil
	}
	first := slices.MinFunc(slices.Collect(maps.Values(f.waiting)), func(a, b unfinished) int { return a.due().Compare(b.due()) })
	return time.After(time.Until(first.due()))
}

// lookAgain looks at the unfinished files that are due.
func (f *Folder) lookAgain(ctx context.Context) error {
	t, err := f.open()
	if err != nil {
		clear(f.waiting)
		return nil
	}
	defer t.Close()
	now := time.Now()
	for _, name := range slices.Sorted(maps.Keys(f.waiting)) {
		u := f.waiting[name]
		if u.due().After(now) {
			continue
		}
		delete(f.waiting, name)
		if info, err := t.Lstat(name); err == nil && versionOf(info) == u.object.Version {
			f.giveUp(u.object, u.fault)
			continue
		}
		if err := f.look(ctx, t, name, func(string) {}); err != nil {
			return err
		}
	}
	return nil
}

// watch tells of changes in folders, where the system can.
type watch struct {
	dir      string
	watcher  *fsnotify.Watcher // nil: nothing is watched
	events   <-chan fsnotify.Event
	errors   <-chan error
	complete bool  // every folder that was found is watched
	err      error // why it is not
	warned   bool
}

func (f *Folder) watch() *watch {
	w := &watch{}
	dir, err := filepath.Abs(f.Dir)
	if err == nil {
		w.watcher, err = fsnotify.NewBufferedWatcher(1024)
	}
	if err != nil {
		f.log().Warn("folder is not watched, only looked through", "dir", f.Dir, "every", unwatched, "err", err)
		return w
	}
	w.dir, w.events, w.errors = dir, w.watcher.Events, w.watcher.Errors
	return w
}

// add watches a folder too.
func (w *watch) add(dir string) {
	if w.watcher == nil {
		return
	}
	err := w.watcher.Add(filepath.Join(w.dir, filepath.FromSlash(dir)))
	if dir == "." {
		w.complete = true
	}
	if err != nil {
		w.complete, w.err = false, err
	}
}

// drain returns the paths of an event and of those that are queued behind it,
// sorted and each once.
func (w *watch) drain(event fsnotify.Event) []string {
	names := map[string]bool{event.Name: true}
	for range cap(w.events) {
		select {
		case event := <-w.events:
			names[event.Name] = true
			continue
		default:
		}
		break
	}
	return slices.Sorted(maps.Keys(names))
}

func (w *watch) close() {
	if w.watcher != nil {
		w.watcher.Close()
	}
}

// sleep returns false if the context ended before the time was over.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
