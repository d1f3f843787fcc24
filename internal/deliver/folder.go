package deliver

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"

	"github.com/tocsin-dev/tocsin/internal/topic"
)

// Folder delivers mails as files, for those who have no mail server.
type Folder struct {
	composer *Composer
	dir      string
	announce func(Saved)
}

var _ topic.Sender = (*Folder)(nil)

// Saved is a mail in the folder.
type Saved struct {
	Path string
	Mail Mail
	// ConfirmURL is the link of a mail that asks to confirm a subscription.
	ConfirmURL string
}

// NewFolder makes the folder if it is missing. announce, if not nil, is told
// of each mail.
func NewFolder(dir string, c *Composer, announce func(Saved)) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("mail folder: %w", err)
	}
	if announce == nil {
		announce = func(Saved) {}
	}
	return &Folder{composer: c, dir: dir, announce: announce}, nil
}

// Send writes the mail to a file that is named for its message and
// subscription: written again after a crash, it replaces itself.
func (f *Folder) Send(_ context.Context, d topic.Delivery) error {
	composed, msg, err := f.composer.message(d, plain)
	if err != nil {
		return err
	}
	var content bytes.Buffer
	if _, err := msg.WriteTo(&content); err != nil {
		return fmt.Errorf("write mail of %s: %w", d.Message.ID, err)
	}
	path := filepath.Join(f.dir, FileName(d))
	if err := writeFile(path, content.Bytes()); err != nil {
		return fmt.Errorf("write mail of %s: %w", d.Message.ID, err)
	}
	saved := Saved{Path: path, Mail: composed}
	if d.Message.Type == topic.SubscriptionConfirmation {
		saved.ConfirmURL = f.composer.links.confirm(d.Message)
	}
	f.announce(saved)
	return nil
}

// FileName is the name of a delivery's mail file. Names sort by the time of publication.
func FileName(d topic.Delivery) string {
	return d.Message.Published.UTC().Format("20060102T150405.000Z") + "-" + fileName(d.Message.ID) + "-" + fileName(subscriptionID(d.Subscription)) + ".eml"
}

var plainName = regexp.MustCompile(`\A[A-Za-z0-9_-]{1,64}\z`)

// fileName is the text itself if it is plain enough for file names and mail
// headers, else a digest.
func fileName(text string) string {
	if plainName.MatchString(text) {
		return text
	}
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:16])
}

// writeFile replaces a file so that after a crash the old or the new content is
// there, never a part.
func writeFile(path string, content []byte) (err error) {
	temporary := path + ".tmp"
	file, err := os.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return errors.Join(err, os.Remove(temporary))
	}
	if err := os.Rename(temporary, path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

func syncDir(dir string) error {
	opened, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(opened.Sync(), opened.Close())
}
