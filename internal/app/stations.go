package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"time"

	"github.com/tocsin-dev/tocsin/internal/access"
	"github.com/tocsin-dev/tocsin/internal/alarm"
	"github.com/tocsin-dev/tocsin/internal/blob"
	"github.com/tocsin-dev/tocsin/internal/deliver"
	"github.com/tocsin-dev/tocsin/internal/logs"
	"github.com/tocsin-dev/tocsin/internal/metric"
	"github.com/tocsin-dev/tocsin/internal/metricfilter"
	"github.com/tocsin-dev/tocsin/internal/pipeline"
	"github.com/tocsin-dev/tocsin/internal/sqlstore"
	"github.com/tocsin-dev/tocsin/internal/topic"
	"github.com/tocsin-dev/tocsin/internal/trail"
)

// stations are the parts of the chain, joined.
type stations struct {
	options Options
	meters  *meters
	journal *sqlstore.Journal

	access  *access.Service
	signer  *deliver.Signer
	folders []*trail.Folder
	logs    *logs.Service
	filters *metricfilter.Service
	metrics *metric.Service
	alarms  *alarm.Service
	topics  *topic.Service
	landing *pipeline.Landing
}

// prepareData makes the data folder; only its owner may look into it.
func prepareData(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	return nil
}

// wire makes the stations over an open store, from the last one to the first:
// each is given the one that it hands on to.
func wire(ctx context.Context, o Options, db *sqlstore.DB) (*stations, error) {
	s := &stations{options: o, meters: newMeters(o.Registry), journal: db.Journal()}
	s.filters = metricfilter.New(db.MetricFilters())
	s.metrics = metric.New(db.Metrics())
	for _, step := range []func(context.Context, *sqlstore.DB) error{s.wireAccess, s.wireTopics, s.wireLogs} {
		if err := step(ctx, db); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (s *stations) wireAccess(ctx context.Context, db *sqlstore.DB) error {
	seal, err := access.OpenSeal(s.options.path("secrets.key"))
	if err != nil {
		return err
	}
	s.access = access.New(db.Access(), seal, nil)
	root, err := s.access.EnsureRoot(ctx, s.options.Account, s.options.RootKeyID, s.options.RootSecret)
	if err != nil {
		return err
	}
	s.options.RootKey(root)
	return nil
}

func (s *stations) wireTopics(_ context.Context, db *sqlstore.DB) error {
	var err error
	if s.signer, err = deliver.OpenSigner(s.options.Data, deliver.SHA1); err != nil {
		return err
	}
	composer, err := deliver.NewComposer(deliver.Options{From: s.options.MailFrom, PublicURL: s.options.PublicURL, Signer: s.signer})
	if err != nil {
		return err
	}
	sender, err := s.sender(composer)
	if err != nil {
		return err
	}
	post := deliver.NewHTTP(composer, deliver.HTTPOptions{Allow: s.options.AllowDelivery})
	senders := map[string]topic.Sender{"email": sender, "email-json": sender, "http": post, "https": post,
		"sms": deliver.NewSMS(s.options.SMS, s.options.Log)}
	if s.options.SQS != "" {
		if senders["sqs"], err = deliver.NewSQS(s.options.SQS, composer); err != nil {
			return err
		}
	}
	s.topics = topic.New(db.Topics(), topic.Options{
		Senders: senders,
		Log:     s.options.Log,
	})
	return nil
}

// sender is the mail server or, without one, the mail folder.
func (s *stations) sender(composer *deliver.Composer) (topic.Sender, error) {
	if s.options.SMTP == "" {
		return deliver.NewFolder(s.options.path("mail"), composer, s.options.MailSaved)
	}
	server, err := deliver.ParseServer(s.options.SMTP)
	if err != nil {
		return nil, err
	}
	return deliver.NewSMTP(server, composer), nil
}

// wireLogs joins the middle of the chain: the alarms need the witness, which
// reads log events again, and what is ingested must reach the alarms.
func (s *stations) wireLogs(ctx context.Context, db *sqlstore.DB) error {
	log := s.options.Log
	blobs, err := blob.OpenDir(s.options.path("blobs"))
	if err != nil {
		return err
	}
	ingest := &pipeline.Ingest{Filters: s.filters, Journal: s.journal, Meter: s.meters, Now: time.Now}
	if s.logs, err = logs.New(logs.Options{Store: db.Logs(), Blobs: blobs, Files: trailFiles{}, Sink: ingest, Log: log}); err != nil {
		return err
	}
	if err := s.logs.Sweep(ctx); err != nil {
		return fmt.Errorf("sweep orphaned log chunks: %w", err)
	}
	witness := &pipeline.Witness{Matches: s.journal, Messages: s.logs.Messages, Log: log}
	ring := &pipeline.Ring{Topics: s.topics, Witness: witness, Log: log}
	if s.alarms, err = alarm.New(ctx, alarm.Options{Store: db.Alarms(), Metrics: s.metrics, Publisher: ring, Logger: log}); err != nil {
		return err
	}
	s.landing = pipeline.NewLanding(s.alarms.Landed, log)
	ingest.Landing = s.landing
	s.metrics.Watch(s.landing.Add)
	s.wireTrails(ingest)
	return nil
}

func (s *stations) wireTrails(sink logs.Sink) {
	intake := &pipeline.Intake{
		Group: func(ctx context.Context) (logs.Group, error) {
			return s.trailGroup(ctx, s.options.scope(), s.options.TrailGroup)
		},
		Seen: s.journal, Sink: sink,
	}
	for _, dir := range s.options.Trails {
		s.folders = append(s.folders, &trail.Folder{Dir: dir, Sink: intake, Meter: s.meters, Log: s.options.Log})
	}
}

// loops are what the stations run.
func (s *stations) loops() []pipeline.Loop {
	loops := []pipeline.Loop{s.landing.Run, s.alarms.Run, s.topics.Run, pipeline.Sweep(time.Hour, s.options.Log, s.sweepers()...)}
	for _, folder := range s.folders {
		loops = append(loops, func(ctx context.Context) error {
			if err := folder.Run(ctx); !errors.Is(err, context.Canceled) {
				return err
			}
			return nil
		})
	}
	return loops
}

func (s *stations) sweepers() []pipeline.Sweeper {
	return []pipeline.Sweeper{
		{Name: "matches", Sweep: func(ctx context.Context, now time.Time) (int64, error) {
			return s.journal.Sweep(ctx, now.Add(-s.options.MatchRetention))
		}},
		{Name: "metric data", Sweep: once(s.metrics.Retain)},
		{Name: "log events", Sweep: once(s.logs.Maintain)},
	}
}

// once is a sweep that does all of its work in one call.
func once(sweep func(ctx context.Context, now time.Time) error) func(context.Context, time.Time) (int64, error) {
	return func(ctx context.Context, now time.Time) (int64, error) { return 0, sweep(ctx, now) }
}

// trailFiles reads CloudTrail files for the logs station.
type trailFiles struct{}

var _ logs.Files = trailFiles{}

// Records implements logs.Files.
func (trailFiles) Records(ctx context.Context, path string) iter.Seq2[logs.Record, error] {
	return func(yield func(logs.Record, error) bool) {
		file, err := os.Open(path)
		if err != nil {
			yield(logs.Record{}, err)
			return
		}
		defer file.Close()
		reader := trail.NewReader(file)
		for ctx.Err() == nil {
			record, err := reader.Next()
			var skipped *trail.RecordError
			switch {
			case errors.Is(err, io.EOF):
				return
			case errors.As(err, &skipped):
				continue
			case err != nil:
				yield(logs.Record{}, err)
				return
			}
			if !yield(logs.Record{Index: record.Index, Time: record.EventTime, Message: record.Raw}, nil) {
				return
			}
		}
		yield(logs.Record{}, ctx.Err())
	}
}
