// Package chunk is the form in which log events lie in storage: a run of
// events of one stream, compressed together.
//
// A chunk is a version byte and a zstd frame with a checksum. The frame holds,
// for each event, its timestamp (ms, a signed varint, as the difference to the
// event before), the length of its message (a varint) and the message.
package chunk

import (
	"encoding/binary"
	"errors"
	"fmt"
	"iter"

	"github.com/klauspost/compress/zstd"
)

// version is the first byte of every chunk.
const version = 1

// MaxSize bounds what a chunk may unpack to, in bytes. A PutLogEvents batch is
// at most 1 MiB of messages; the rest is room for merging chunks.
const MaxSize = 64 << 20

// ErrCorrupt is a chunk that we did not write, or not like this.
var ErrCorrupt = errors.New("corrupt log chunk")

// Event is one event of a chunk.
type Event struct {
	Timestamp int64 // ms since the epoch
	Message   []byte
}

// Codec packs and unpacks chunks, for many goroutines at once.
type Codec struct {
	enc *zstd.Encoder
	dec *zstd.Decoder
}

// NewCodec makes a codec.
func NewCodec() (*Codec, error) {
	enc, err := zstd.NewWriter(nil, zstd.WithWindowSize(1<<20), zstd.WithEncoderConcurrency(2))
	if err != nil {
		return nil, fmt.Errorf("zstd encoder: %w", err)
	}
	dec, err := zstd.NewReader(nil, zstd.WithDecoderMaxMemory(MaxSize), zstd.WithDecoderConcurrency(2))
	if err != nil {
		return nil, fmt.Errorf("zstd decoder: %w", err)
	}
	return &Codec{enc: enc, dec: dec}, nil
}

// Encode packs events in the order given.
func (c *Codec) Encode(events []Event) []byte {
	size := 0
	for _, e := range events {
		size += len(e.Message) + 2*binary.MaxVarintLen64
	}
	plain := make([]byte, 0, size)
	var before int64
	for _, e := range events {
		plain = binary.AppendVarint(plain, e.Timestamp-before)
		plain = binary.AppendUvarint(plain, uint64(len(e.Message)))
		plain = append(plain, e.Message...)
		before = e.Timestamp
	}
	return c.enc.EncodeAll(plain, []byte{version})
}

// Decode yields the events of a chunk; messages share one buffer that nobody
// writes to. The error, if any, comes last and is ErrCorrupt.
func (c *Codec) Decode(data []byte) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		plain, err := c.unpack(data)
		if err != nil {
			yield(Event{}, err)
			return
		}
		var event Event
		for len(plain) > 0 {
			if event, plain, err = next(event.Timestamp, plain); err != nil {
				yield(Event{}, err)
				return
			}
			if !yield(event, nil) {
				return
			}
		}
	}
}

func (c *Codec) unpack(data []byte) ([]byte, error) {
	if len(data) == 0 || data[0] != version {
		return nil, fmt.Errorf("%w: unknown version", ErrCorrupt)
	}
	plain, err := c.dec.DecodeAll(data[1:], nil)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCorrupt, err)
	}
	return plain, nil
}

// next takes one event off the front of plain.
func next(before int64, plain []byte) (Event, []byte, error) {
	delta, n := binary.Varint(plain)
	if n <= 0 {
		return Event{}, nil, fmt.Errorf("%w: timestamp", ErrCorrupt)
	}
	plain = plain[n:]
	length, n := binary.Uvarint(plain)
	if n <= 0 || length > uint64(len(plain)-n) {
		return Event{}, nil, fmt.Errorf("%w: message length", ErrCorrupt)
	}
	end := n + int(length)
	return Event{Timestamp: before + delta, Message: plain[n:end:end]}, plain[end:], nil
}
