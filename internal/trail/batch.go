package trail

// batch holds the records of one delivery. Its memory is used again for the next.
type batch struct {
	arena   []byte
	records []Record
	next    *Record // the record that did not fit any more
}

// add copies the record into the batch. It is false if the batch is full; then
// the record is the first of the next one.
func (b *batch) add(r Record) bool {
	if b.arena == nil {
		b.arena = make([]byte, 0, maxDeliveryBytes)
	}
	if len(b.records) == maxDeliveryRecords || len(b.arena)+len(r.Raw) > cap(b.arena) {
		b.next = &r
		return false
	}
	start := len(b.arena)
	b.arena = append(b.arena, r.Raw...)
	r.Raw = b.arena[start:len(b.arena):len(b.arena)]
	b.records = append(b.records, r)
	return true
}

// reset empties the batch, but for the record that did not fit before. The
// reader must not have gone on meanwhile.
func (b *batch) reset() {
	b.arena, b.records = b.arena[:0], b.records[:0]
	if next := b.next; next != nil {
		b.next = nil
		b.add(*next)
	}
}
