// Package blob keeps named runs of bytes: in a local folder, for now.
package blob

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path"
	"strings"

	"github.com/google/uuid"
)

// Dir is a folder of blobs. A key is a slash-separated path below it. Whoever
// reads sees a whole blob or none.
type Dir struct {
	root *os.Root
}

// temporary begins the names of blobs that are being written. No key has such
// a last element.
const temporary = ".tmp-"

// OpenDir opens a folder, made if it is missing.
func OpenDir(name string) (*Dir, error) {
	if err := os.MkdirAll(name, 0o700); err != nil {
		return nil, fmt.Errorf("open blobs: %w", err)
	}
	root, err := os.OpenRoot(name)
	if err != nil {
		return nil, fmt.Errorf("open blobs: %w", err)
	}
	return &Dir{root: root}, nil
}

// Close releases the folder.
func (d *Dir) Close() error { return d.root.Close() }

// Put stores a blob, replacing one of the same key. It returns once the blob
// would survive a power cut.
func (d *Dir) Put(ctx context.Context, key string, data []byte) error {
	if err := check(ctx, key); err != nil {
		return fmt.Errorf("put blob %q: %w", key, err)
	}
	if err := d.put(key, data); err != nil {
		return fmt.Errorf("put blob %q: %w", key, err)
	}
	return nil
}

func (d *Dir) put(key string, data []byte) error {
	folder := path.Dir(key)
	if err := d.mkdirAll(folder); err != nil {
		return err
	}
	temp := path.Join(folder, temporary+uuid.NewString())
	if err := d.write(temp, data); err != nil {
		return errors.Join(err, ignoreMissing(d.root.Remove(temp)))
	}
	if err := d.root.Rename(temp, key); err != nil {
		return errors.Join(err, d.root.Remove(temp))
	}
	return d.sync(folder)
}

func (d *Dir) write(name string, data []byte) error {
	f, err := d.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// mkdirAll makes a folder and makes it stay: each new folder is an entry of the
// one above it, which must reach the disk too.
func (d *Dir) mkdirAll(folder string) error {
	if _, err := d.root.Stat(folder); err == nil {
		return nil
	}
	above := path.Dir(folder)
	if err := d.mkdirAll(above); err != nil {
		return err
	}
	if err := d.root.Mkdir(folder, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return d.sync(above)
}

func (d *Dir) sync(folder string) error {
	f, err := d.root.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// Get returns a blob. The error is fs.ErrNotExist when there is none.
func (d *Dir) Get(ctx context.Context, key string) ([]byte, error) {
	if err := check(ctx, key); err != nil {
		return nil, fmt.Errorf("get blob %q: %w", key, err)
	}
	data, err := d.root.ReadFile(key)
	if err != nil {
		return nil, fmt.Errorf("get blob %q: %w", key, err)
	}
	return data, nil
}

// Delete removes a blob; one that is not there is no error.
func (d *Dir) Delete(ctx context.Context, key string) error {
	if err := check(ctx, key); err != nil {
		return fmt.Errorf("delete blob %q: %w", key, err)
	}
	if err := ignoreMissing(d.root.Remove(key)); err != nil {
		return fmt.Errorf("delete blob %q: %w", key, err)
	}
	return nil
}

// List yields the keys that begin with the prefix, a folder that ends in a
// slash, or all of them for "". What a crash left half written is among them,
// so that whoever clears away unknown keys clears it too.
func (d *Dir) List(ctx context.Context, prefix string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		top := "."
		if prefix != "" {
			top = strings.TrimSuffix(prefix, "/")
		}
		err := fs.WalkDir(d.root.FS(), top, func(name string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return ignoreMissing(err)
			case ctx.Err() != nil:
				return ctx.Err()
			case entry.Type().IsRegular() && !yield(name, nil):
				return fs.SkipAll
			}
			return nil
		})
		if err != nil {
			yield("", fmt.Errorf("list blobs of %q: %w", prefix, err))
		}
	}
}

func check(ctx context.Context, key string) error {
	if !fs.ValidPath(key) || key == "." {
		return errors.New("not a key")
	}
	return ctx.Err()
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
