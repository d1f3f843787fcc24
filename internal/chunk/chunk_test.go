package chunk_test

import (
	"bytes"
	"errors"
	"math"
	"testing"

	"github.com/klauspost/compress/zstd"

	"github.com/tocsin-dev/tocsin/internal/chunk"
)

func newCodec(t testing.TB) *chunk.Codec {
	t.Helper()
	c, err := chunk.NewCodec()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func decode(c *chunk.Codec, data []byte) ([]chunk.Event, error) {
	var events []chunk.Event
	for event, err := range c.Decode(data) {
		if err != nil {
			return nil, err
		}
		events = append(events, event)
	}
	return events, nil
}

func equal(a, b []chunk.Event) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].Timestamp != b[i].Timestamp || !bytes.Equal(a[i].Message, b[i].Message) {
			return false
		}
	}
	return true
}

func TestRoundTrip(t *testing.T) {
	c := newCodec(t)
	for _, tt := range []struct {
		name   string
		events []chunk.Event
	}{
		{"none", nil},
		{"one", []chunk.Event{{1795182813262, []byte(`{"errorCode":"AccessDenied"}`)}}},
		{"ascending", []chunk.Event{{1, []byte("a")}, {1, []byte("b")}, {3, []byte("c")}}},
		{"any order", []chunk.Event{{9, []byte("a")}, {-1, []byte("b")}, {0, []byte("c")}}},
		{"extremes", []chunk.Event{{math.MaxInt64, nil}, {math.MinInt64, []byte{0xff, 0}}, {math.MaxInt64, nil}}},
		{"long", []chunk.Event{{5, bytes.Repeat([]byte("x"), 1<<20)}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := decode(c, c.Encode(tt.events))
			if err != nil || !equal(got, tt.events) {
				t.Errorf("Decode(Encode(%.200v)) = %.200v, %v, want the same events", tt.events, got, err)
			}
		})
	}
}

func TestDecodeStopsEarly(t *testing.T) {
	c := newCodec(t)
	seen := 0
	for range c.Decode(c.Encode([]chunk.Event{{1, nil}, {2, nil}, {3, nil}})) {
		if seen++; seen == 2 {
			break
		}
	}
	if seen != 2 {
		t.Errorf("Decode yielded %d events before the break, want 2", seen)
	}
}

func TestDecodeRefuses(t *testing.T) {
	c := newCodec(t)
	good := c.Encode([]chunk.Event{{1, []byte("message")}})
	raw, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	pack := func(plain []byte) []byte { return raw.EncodeAll(plain, []byte{1}) }
	flipped := bytes.Clone(good)
	flipped[len(flipped)-1] ^= 1
	for _, tt := range []struct {
		name string
		data []byte
	}{
		{"empty", nil},
		{"other version", append([]byte{2}, good[1:]...)},
		{"truncated", good[:len(good)-1]},
		{"checksum", flipped},
		{"timestamp cut", pack([]byte{0x80})},
		{"length cut", pack([]byte{0x02, 0x80})},
		{"length beyond the end", pack([]byte{0x02, 0x05, 'a'})},
		{"length overflows", pack([]byte{0x02, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01})},
		{"bomb", pack(make([]byte, chunk.MaxSize+1))},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got, err := decode(c, tt.data); !errors.Is(err, chunk.ErrCorrupt) {
				t.Errorf("Decode(%.40x) = %d events, %v, want ErrCorrupt", tt.data, len(got), err)
			}
		})
	}
}

func FuzzDecode(f *testing.F) {
	c := newCodec(f)
	f.Add(c.Encode(nil))
	f.Add(c.Encode([]chunk.Event{{1795182813262, []byte("a")}, {1795182813261, nil}}))
	f.Add([]byte{1})
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		events, err := decode(c, data)
		if err != nil {
			if !errors.Is(err, chunk.ErrCorrupt) {
				t.Fatalf("Decode(%x) error = %v, want ErrCorrupt", data, err)
			}
			return
		}
		again, err := decode(c, c.Encode(events))
		if err != nil || !equal(again, events) {
			t.Fatalf("Decode(Encode(events)) = %v, %v, want %v", again, err, events)
		}
	})
}

// FuzzPlain fuzzes what is inside the frame, which the checksum keeps FuzzDecode from reaching.
func FuzzPlain(f *testing.F) {
	c := newCodec(f)
	raw, err := zstd.NewWriter(nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte{0x02, 0x01, 'a'})
	f.Add([]byte{0x02, 0x05, 'a'})
	f.Fuzz(func(t *testing.T, plain []byte) {
		if _, err := decode(c, raw.EncodeAll(plain, []byte{1})); err != nil && !errors.Is(err, chunk.ErrCorrupt) {
			t.Fatalf("Decode(%x) error = %v, want ErrCorrupt", plain, err)
		}
	})
}

func BenchmarkEncode(b *testing.B) {
	c := newCodec(b)
	message := []byte(`{"eventVersion":"1.08","eventSource":"s3.amazonaws.com","eventName":"GetObject","errorCode":"AccessDenied","awsRegion":"us-east-1"}`)
	events := make([]chunk.Event, 5000)
	for i := range events {
		events[i] = chunk.Event{Timestamp: 1795182813262 + int64(i), Message: message}
	}
	b.SetBytes(int64(len(events) * len(message)))
	b.ReportAllocs()
	for b.Loop() {
		c.Encode(events)
	}
}
