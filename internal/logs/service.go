package logs

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/tocsin-dev/tocsin/internal/arn"
	"github.com/tocsin-dev/tocsin/internal/chunk"
)

// Options is what a Service works with.
type Options struct {
	Store Store
	Blobs Blobs
	Files Files // may be nil when nothing is indexed by reference
	Sink  Sink
	Log   *slog.Logger
	// ScanBudget is how many bytes of messages one Filter looks at before it
	// answers with what it has found and a token. Default 128 MiB, about a
	// second's worth.
	ScanBudget int64
}

const defaultScanBudget = 128 << 20

// Service is log groups as their users see them.
type Service struct {
	store Store
	blobs Blobs
	files Files
	sink  Sink
	log   *slog.Logger
	codec *chunk.Codec

	scanBudget int64
}

// New makes a service. Call Sweep before the first Put.
func New(o Options) (*Service, error) {
	codec, err := chunk.NewCodec()
	if err != nil {
		return nil, fmt.Errorf("logs: %w", err)
	}
	if o.ScanBudget <= 0 {
		o.ScanBudget = defaultScanBudget
	}
	return &Service{store: o.Store, blobs: o.Blobs, files: o.Files, sink: o.Sink, log: o.Log, codec: codec, scanBudget: o.ScanBudget}, nil
}

// CreateGroup makes a group of the given scope, name, class and settings; an
// empty class is Standard.
func (s *Service) CreateGroup(ctx context.Context, group Group, tags map[string]string) error {
	if err := CheckGroupName(group.Name); err != nil {
		return err
	}
	if group.Class == "" {
		group.Class = Standard
	}
	group.Created = time.Now()
	if err := s.store.CreateGroup(ctx, group, tags); err != nil {
		return fmt.Errorf("create log group %s: %w", group.Name, err)
	}
	return nil
}

// Group returns a group by name.
func (s *Service) Group(ctx context.Context, scope arn.Scope, name string) (group Group, err error) {
	err = s.withGroup(ctx, scope, name, "find log group", func(found Group) error {
		group = found
		return nil
	})
	return group, err
}

// Groups returns a page of groups in order of name.
func (s *Service) Groups(ctx context.Context, query GroupQuery) ([]Group, error) {
	groups, err := s.store.Groups(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("log groups of %s: %w", query.Scope, err)
	}
	return groups, nil
}

// DeleteGroup removes a group and all that is in it. The space of its events
// comes back with the next Maintain.
func (s *Service) DeleteGroup(ctx context.Context, scope arn.Scope, name string) error {
	return s.withGroup(ctx, scope, name, "delete log group", func(g Group) error {
		return s.store.DeleteGroup(ctx, g.ID)
	})
}

// SetRetention sets how long events of a group are kept; 0 days is for ever.
func (s *Service) SetRetention(ctx context.Context, scope arn.Scope, name string, days int) error {
	if days != 0 {
		if err := CheckRetention(days); err != nil {
			return err
		}
	}
	return s.withGroup(ctx, scope, name, "set retention of log group", func(g Group) error {
		return s.store.SetRetention(ctx, g.ID, days)
	})
}

// Tags returns a group's tags.
func (s *Service) Tags(ctx context.Context, scope arn.Scope, name string) (tags map[string]string, err error) {
	err = s.withGroup(ctx, scope, name, "tags of log group", func(g Group) error {
		tags, err = s.store.Tags(ctx, g.ID)
		return err
	})
	return tags, err
}

// Tag adds or replaces tags of a group. More than MaxTags are ErrTooManyTags.
func (s *Service) Tag(ctx context.Context, scope arn.Scope, name string, tags map[string]string) error {
	return s.withGroup(ctx, scope, name, "tag log group", func(g Group) error {
		fits, err := s.store.Tag(ctx, g.ID, tags, MaxTags)
		if err == nil && !fits {
			err = ErrTooManyTags
		}
		return err
	})
}

// Untag removes tags of a group; keys that it does not have are no error.
func (s *Service) Untag(ctx context.Context, scope arn.Scope, name string, keys []string) error {
	return s.withGroup(ctx, scope, name, "untag log group", func(g Group) error {
		return s.store.Untag(ctx, g.ID, keys)
	})
}

// CreateStream makes an empty stream.
func (s *Service) CreateStream(ctx context.Context, scope arn.Scope, group, name string) error {
	if err := CheckStreamName(name); err != nil {
		return err
	}
	return s.withGroup(ctx, scope, group, "create log stream "+name+" in", func(g Group) error {
		return s.store.CreateStream(ctx, g.ID, name, time.Now())
	})
}

// Streams returns a page of a group's streams. The query's GroupID is filled in.
func (s *Service) Streams(ctx context.Context, scope arn.Scope, group string, query StreamQuery) (g Group, streams []Stream, err error) {
	err = s.withGroup(ctx, scope, group, "streams of log group", func(found Group) error {
		g, query.GroupID = found, found.ID
		streams, err = s.store.Streams(ctx, query)
		return err
	})
	return g, streams, err
}

// DeleteStream removes a stream and its events.
func (s *Service) DeleteStream(ctx context.Context, scope arn.Scope, group, name string) error {
	return s.withGroup(ctx, scope, group, "delete log stream "+name+" of", func(g Group) error {
		return s.store.DeleteStream(ctx, g.ID, name)
	})
}

// withGroup calls do with the named group; doing is for the error.
func (s *Service) withGroup(ctx context.Context, scope arn.Scope, name, doing string, do func(Group) error) error {
	if len(name) > MaxName {
		return errLongName
	}
	group, err := s.store.Group(ctx, scope, name)
	if err == nil {
		err = do(group)
	}
	if err != nil {
		return fmt.Errorf("%s %s: %w", doing, name, err)
	}
	return nil
}
