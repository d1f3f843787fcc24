package deliver

import (
	"errors"
	"net"
)

// maxAnswers is how many bytes a server may send in a session. Its answers to
// one mail are some hundreds, its certificates some thousands.
const maxAnswers = 1 << 20

var errTalkative = errors.New("the server sends without end")

// bounded is a connection that reads up to maxAnswers: the mail client keeps all
// of an answer in memory, however long its line is.
type bounded struct {
	net.Conn
	left int
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTalkative
	}
	n, err := b.Conn.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}
