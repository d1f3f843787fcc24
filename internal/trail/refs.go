package trail

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
)

// Ref is the place of a record in its file: a range of bytes of the
// uncompressed text.
type Ref struct {
	Offset int64
	Length int
}

// ReadRecords reads records again that were handed on before, in one pass over
// their file up to the last of them. Element i of the result is the record at
// refs[i]. It is an error if the file holds no record there any more; the
// records that were found are returned all the same, the others are nil.
func ReadRecords(path string, refs []Ref) ([][]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read records again: %w", err)
	}
	defer file.Close()
	records, err := readRefs(uncompressed(file), refs)
	if err != nil {
		return records, fmt.Errorf("read records of %q again: %w", path, err)
	}
	return records, nil
}

func readRefs(src io.Reader, refs []Ref) ([][]byte, error) {
	records := make([][]byte, len(refs))
	var pos int64
	var last Ref
	var raw []byte
	for _, i := range byOffset(refs) {
		ref := refs[i]
		if ref == last {
			records[i] = raw
			continue
		}
		if ref.Offset < pos || ref.Length <= 0 || ref.Length > MaxRecord {
			return records, fmt.Errorf("no record has %d bytes at byte %d", ref.Length, ref.Offset)
		}
		if _, err := io.CopyN(io.Discard, src, ref.Offset-pos); err != nil {
			return records, fmt.Errorf("skip to byte %d: %w", ref.Offset, err)
		}
		raw = make([]byte, ref.Length)
		if _, err := io.ReadFull(src, raw); err != nil {
			return records, fmt.Errorf("read %d bytes at byte %d: %w", ref.Length, ref.Offset, err)
		}
		if raw[0] != '{' || !json.Valid(raw) {
			return records, fmt.Errorf("no record at byte %d: the file has changed", ref.Offset)
		}
		records[i], last, pos = raw, ref, ref.Offset+int64(ref.Length)
	}
	return records, nil
}

// byOffset is the order to read the refs in.
func byOffset(refs []Ref) []int {
	order := make([]int, len(refs))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		if refs[a].Offset != refs[b].Offset {
			return int(min(max(refs[a].Offset-refs[b].Offset, -1), 1))
		}
		return refs[a].Length - refs[b].Length
	})
	return order
}
