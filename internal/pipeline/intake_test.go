package pipeline

import (
	"context"
	"testing"
	"time"

	"github.com/tocsin-dev/tocsin/internal/arn"
	"github.com/tocsin-dev/tocsin/internal/logs"
	"github.com/tocsin-dev/tocsin/internal/trail"
)

type sink struct{ batches []logs.Batch }

func (s *sink) Deliver(_ context.Context, b logs.Batch) error {
	s.batches = append(s.batches, b)
	return nil
}

func TestTakeMakesABatchOfADelivery(t *testing.T) {
	group := logs.Group{ID: 7, Name: "g", Scope: arn.Scope{Partition: "aws", Account: "000000000000", Region: "us-east-1"}}
	out := &sink{}
	in := &Intake{Sink: out, Group: func(context.Context) (logs.Group, error) { return group, nil }}
	arrival := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	ctx, cancel := context.WithCancel(t.Context())
	cancel() // a delivery that has begun is not broken off
	err := in.Take(ctx, trail.Delivery{
		Object: trail.Object{Source: "dir:/t", ID: "AWSLogs/111122223333/CloudTrail/eu-west-1/2026/03/02/a.json.gz", Version: "1"},
		Path:   "/t/a.json.gz", Arrival: arrival,
		Records: []trail.Record{{Raw: []byte(`{"a":1}`), EventID: "e", Index: 3, Offset: 40, EventTime: arrival.Add(-time.Hour)}},
	})
	if err != nil || len(out.batches) != 1 {
		t.Fatalf("Take = %v with %d batches, want one", err, len(out.batches))
	}
	b := out.batches[0]
	if b.Stream != "111122223333_CloudTrail_eu-west-1" || b.Group != group || *b.Object != (logs.Object{Source: "dir:/t", ID: "AWSLogs/111122223333/CloudTrail/eu-west-1/2026/03/02/a.json.gz", Version: "1"}) {
		t.Errorf("batch is of %s in %+v as %+v", b.Stream, b.Group, b.Object)
	}
	if e := b.Events[0]; !e.Timestamp.Equal(arrival) || e.Unique != "e" || e.Index != 3 || e.Offset != 40 {
		t.Errorf("event = %+v, want it stamped with its arrival and counted by its eventID", e)
	}
	if c := b.Chunk; c.Place != logs.File || c.Key != "/t/a.json.gz" || c.Begin != 3 || c.End != 4 || c.Bytes != 7 {
		t.Errorf("chunk = %+v, want the record by reference", c)
	}
}

func TestStreamOf(t *testing.T) {
	group := logs.Group{Scope: arn.Scope{Account: "000000000000", Region: "us-east-1"}}
	for path, want := range map[string]string{
		"AWSLogs/111122223333/CloudTrail/eu-west-1/2026/03/02/a.json.gz": "111122223333_CloudTrail_eu-west-1",
		"p/AWSLogs/o-abc/0000/CloudTrail/nowhere-9/2026/03/02/a.json.gz": "0000_CloudTrail_nowhere-9",
		"a.json":                         "000000000000_CloudTrail_us-east-1",
		"CloudTrail/us-east-1/a.json":    "000000000000_CloudTrail_us-east-1",
		"x/CloudTrail/a.json":            "000000000000_CloudTrail_us-east-1",
		"a:b/CloudTrail/c*d/2026/a.json": "a-b_CloudTrail_c-d",
	} {
		if got := streamOf(path, group); got != want {
			t.Errorf("streamOf(%q) = %q, want %q", path, got, want)
		}
	}
}
