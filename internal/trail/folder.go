package trail

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// maxQuestion is how many objects the sink is asked about at a time.
const maxQuestion = 1000

// Folder is a source: it takes in the log files below a folder, in CloudTrail's
// layout or any other, in the order of their names. Files of other kinds are
// left alone, and so are symbolic links: what they lead to is either below
// the folder, and taken in where it is, or none of the folder's business.
//
// The methods Scan and Run must not be called at the same time.
type Folder struct {
	Dir    string // need not exist yet
	Source string // the Source of the Objects; by default "dir:" and the absolute Dir
	Sink   Sink
	Meter  Meter         // optional
	Log    *slog.Logger  // optional
	Rescan time.Duration // how often to look for what the watch missed; by default 10 s

	memory     memory
	failures   failures
	batch      batch
	reader     *Reader
	unreadable map[string]bool // folders
	waiting    map[string]unfinished
	patience   time.Duration // how long a truncated file may be a copy under way
}

// Failures are the latest things that could not be taken in, oldest first. Those
// of a file that was taken in after all are not among them.
func (f *Folder) Failures() []Failure { return f.failures.all() }

// Scan takes in what is there and returns. The error is that of the context or
// of the sink; everything else is a Failure.
func (f *Folder) Scan(ctx context.Context) error {
	f.patience = 0
	return f.scan(ctx, func(string) {})
}

// tree is the folder as it is at one moment.
type tree struct {
	*os.Root
	dir    string // absolute
	source string
}

func (f *Folder) open() (*tree, error) {
	dir, err := filepath.Abs(f.Dir)
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	source := f.Source
	if source == "" {
		source = "dir:" + dir
	}
	return &tree{root, dir, source}, nil
}

// scan takes in what is there. It tells found each folder that it comes through,
// as a slash-separated path below the root.
func (f *Folder) scan(ctx context.Context, found func(dir string)) error {
	t, err := f.open()
	if err != nil {
		f.failDir(".", err)
		return ctx.Err()
	}
	defer t.Close()
	before := f.unreadable
	f.unreadable = nil
	if err := f.scanBelow(ctx, t, ".", found); err != nil {
		f.unreadable = before
		return err
	}
	f.recovered(before)
	f.memory.forget()
	return nil
}

// failDir reports a folder that cannot be read, once as long as that lasts.
func (f *Folder) failDir(name string, err error) {
	if f.unreadable == nil {
		f.unreadable = map[string]bool{}
	}
	f.unreadable[name] = true
	if f.failures.has(name) {
		return
	}
	f.report(name, err.Error())
}

// recovered forgets the failures of folders that could not be read before, and
// now can, or are gone.
func (f *Folder) recovered(before map[string]bool) {
	for name := range before {
		if !f.unreadable[name] && f.failures.resolve(name) {
			f.log().Info("folder is in order now", "dir", f.Dir, "folder", name)
		}
	}
}

// scanBelow takes in what is in a folder and below it.
func (f *Folder) scanBelow(ctx context.Context, t *tree, dir string, found func(dir string)) error {
	var objects []Object
	err := fs.WalkDir(t.FS(), dir, func(name string, entry fs.DirEntry, err error) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			f.failDir(name, err)
			return nil
		}
		if entry.IsDir() {
			if name != "." && isSkippedDir(entry.Name()) {
				return fs.SkipDir
			}
			found(name)
			return nil
		}
		object, ok := f.candidate(t, name, entry)
		if ok {
			objects = append(objects, object)
		}
		if len(objects) < maxQuestion {
			return nil
		}
		err = f.takeUnseen(ctx, t, objects)
		objects = objects[:0]
		return err
	})
	if err != nil {
		return err
	}
	return f.takeUnseen(ctx, t, objects)
}

// errIrregular is for pipes, devices and the like: reading them may never end.
var errIrregular = errors.New("is not a regular file")

// candidate says whether a file is a log file that is not settled yet.
func (f *Folder) candidate(t *tree, name string, entry fs.DirEntry) (Object, bool) {
	object := Object{Source: t.source, ID: name}
	if entry.Type()&fs.ModeSymlink != 0 && !isSkippedDir(entry.Name()) {
		f.fail(object, errors.New("symbolic link is not followed"))
		return object, false
	}
	if !isLog(entry.Name()) {
		return object, false
	}
	if !entry.Type().IsRegular() {
		f.fail(object, errIrregular)
		return object, false
	}
	info, err := entry.Info()
	if err != nil {
		f.fail(object, err)
		return object, false
	}
	object.Version = versionOf(info)
	return object, f.memory.verdict(object) != settled
}

// takeUnseen takes in those of the objects that were not taken in before.
func (f *Folder) takeUnseen(ctx context.Context, t *tree, objects []Object) error {
	if len(objects) == 0 {
		return nil
	}
	unseen, err := f.Sink.Unseen(ctx, objects)
	if err != nil {
		return fmt.Errorf("ask which of %d files are new: %w", len(objects), err)
	}
	isNew := make(map[Object]bool, len(unseen))
	for _, object := range unseen {
		isNew[object] = true
	}
	for _, object := range objects {
		if !isNew[object] {
			f.settle(object)
			continue
		}
		if err := f.take(ctx, t, object); err != nil {
			return err
		}
	}
	return nil
}

// take takes in one file. Only an error that is not the file's is returned.
func (f *Folder) take(ctx context.Context, t *tree, object Object) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if f.reader == nil {
		f.reader = NewReader(nil)
	}
	start := time.Now()
	work := taking{
		object: object, path: filepath.Join(t.dir, filepath.FromSlash(object.ID)),
		sink: f.Sink, batch: &f.batch, reader: f.reader,
	}
	err := work.open(t)
	if err == nil {
		defer work.file.Close()
		err = work.run(ctx)
	}
	var store *storeError
	var fault *FileError
	switch {
	case err == nil:
		f.taken(&work)
	case errors.As(err, &store):
		f.fail(object, fmt.Errorf("waits for the store: %w", err))
		return fmt.Errorf("take in %q: %w", object.ID, err)
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &fault):
		f.faulty(&work, fault, start)
	default:
		f.fail(object, err)
	}
	return nil
}

func (f *Folder) taken(work *taking) {
	f.settle(work.object)
	f.meter().FileTaken(work.records, work.bytes)
	f.log().Debug("file taken in", "file", work.object.ID, "records", work.records)
	listed := work.left
	if work.records == 0 {
		listed = listed[:min(len(listed), 1)] // it is probably no trail at all
	}
	for _, skipped := range listed {
		f.report(work.object.ID, skipped.Error())
	}
	if more := work.leftOut - len(listed); more > 0 {
		f.report(work.object.ID, fmt.Sprintf("%d more records could not be taken in", more))
	}
}

// settle ends all work on an object that is taken in.
func (f *Folder) settle(object Object) {
	f.memory.set(object, settled)
	delete(f.waiting, object.ID)
	if f.failures.resolve(object.ID) {
		f.log().Info("file is in order now", "file", object.ID)
	}
}

// faulty deals with a file that cannot be taken in as it is. It is looked at
// again when it changes.
func (f *Folder) faulty(work *taking, fault *FileError, start time.Time) {
	if fault.Truncated && f.wait(work, fault, start) {
		return
	}
	f.giveUp(work.object, fault)
}

func (f *Folder) giveUp(object Object, fault error) {
	delete(f.waiting, object.ID)
	f.failures.resolve(object.ID)
	f.report(object.ID, fault.Error())
	f.memory.set(object, settled)
}

// fail reports a failure, once for each version of the thing that failed.
func (f *Folder) fail(object Object, err error) {
	if f.memory.verdict(object) != unknown {
		return
	}
	f.memory.set(object, reported)
	f.failures.resolve(object.ID)
	f.report(object.ID, err.Error())
}

func (f *Folder) report(name, reason string) {
	f.failures.add(Failure{Time: time.Now().UTC(), Object: name, Reason: reason})
	f.meter().Failed()
	f.log().Warn("not taken in", "dir", f.Dir, "file", name, "reason", reason)
}

func (f *Folder) meter() Meter {
	if f.Meter == nil {
		return noMeter{}
	}
	return f.Meter
}

func (f *Folder) log() *slog.Logger {
	if f.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return f.Log
}

// open opens the file and notes which version of it this is. The root sees to
// it that no link that was put in place meanwhile leads out of the folder.
func (t *taking) open(tree *tree) error {
	// O_NONBLOCK: a pipe in the file's place must not wait for a writer.
	file, err := tree.OpenFile(t.object.ID, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return err
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errIrregular
	}
	if err != nil {
		file.Close()
		return err
	}
	t.file, t.object.Version = file, versionOf(info)
	return nil
}
