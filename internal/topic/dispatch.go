package topic

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"time"
)

const (
	// idleLimit is how long a dispatcher sleeps at most: another node may have
	// published, or stopped with a delivery in hand.
	idleLimit = time.Minute
	// leaseTime is how long a delivery waits for its next try after the program
	// crashed in one. A running try renews its lease.
	leaseTime    = 10 * time.Second
	renewEvery   = 3 * time.Second
	stopGrace    = 5 * time.Second  // for tries under way when we are told to stop
	recordingMax = 30 * time.Second // for the record of a try
	sweepEvery   = time.Hour
)

var errStopping = errors.New("stopping")

// Wake makes Run look for owed deliveries at once.
func (s *Service) Wake() {
	for _, wake := range s.wake {
		select {
		case wake <- struct{}{}:
		default: // it will look anyway
		}
	}
}

// Run delivers until ctx is done, then waits shortly for tries under way. What
// is still owed then, or after a crash, is delivered by the next Run: a try
// whose end was not recorded is repeated when its lease is over.
func (s *Service) Run(ctx context.Context) error {
	var loops sync.WaitGroup
	for protocol, sender := range s.options.Senders {
		loops.Go(func() { s.dispatch(ctx, s.lane(protocol, sender)) })
	}
	loops.Go(func() { s.sweep(ctx) })
	loops.Wait()
	return nil
}

// lane is what one protocol has of its own: slots for tries, so that servers
// that never answer hold up their own kind only, and of these no single
// subscriber has more than a share, so that it leaves some to the others.
type lane struct {
	protocol string
	sender   Sender
	slots    int
	ended    chan struct{} // a try ended

	mu      sync.Mutex
	running map[string]int // tries by subscription
	total   int
}

// A protocol's slots unless the options say otherwise, and the share of one
// subscriber.
const (
	mailSlots = 8
	httpSlots = 64
)

func (l *lane) share() int { return min(l.slots, max(4, l.slots/8)) }

// free is how many tries may begin, and the subscribers that have their share already.
func (l *lane) free() (slots int, busy []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for subscription, tries := range l.running {
		if tries >= l.share() {
			busy = append(busy, subscription)
		}
	}
	return min(l.slots-l.total, l.share()), busy
}

func (l *lane) count(subscription string, by int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.total += by
	if l.running[subscription] += by; l.running[subscription] == 0 {
		delete(l.running, subscription)
	}
}

func (s *Service) lane(protocol string, sender Sender) *lane {
	slots := mailSlots
	if IsHTTP(protocol) {
		slots = httpSlots
	}
	return &lane{protocol: protocol, sender: sender, slots: cmp.Or(s.options.Concurrency, slots), ended: make(chan struct{}, 1), running: map[string]int{}}
}

// dispatch works off the deliveries of one protocol.
func (s *Service) dispatch(ctx context.Context, l *lane) {
	tries, giveUp := context.WithCancelCause(context.WithoutCancel(ctx))
	defer giveUp(nil)
	var running sync.WaitGroup
	for ctx.Err() == nil {
		free, busy := l.free()
		leased := s.lease(ctx, l.protocol, free, busy)
		for _, d := range leased {
			l.count(d.Subscription.ARN, 1)
			running.Go(func() {
				s.try(tries, l.sender, d)
				l.count(d.Subscription.ARN, -1)
				select {
				case l.ended <- struct{}{}:
				default:
				}
			})
		}
		if free > 0 && len(leased) == free {
			continue // there may be more
		}
		s.rest(ctx, l, free == 0)
	}
	stop := time.AfterFunc(stopGrace, func() { giveUp(errStopping) })
	defer stop.Stop()
	running.Wait()
}

func (s *Service) lease(ctx context.Context, protocol string, free int, busy []string) []Delivery {
	if free == 0 {
		return nil
	}
	now := time.Now()
	leased, err := s.store.LeaseDeliveries(ctx, protocol, now, now.Add(leaseTime), free, busy...)
	if err != nil && ctx.Err() == nil {
		s.options.Log.Error("lease deliveries", "protocol", protocol, "err", err)
	}
	return leased
}

// rest waits until there may be something to do: a publication, the next owed
// delivery, or the end of a try.
func (s *Service) rest(ctx context.Context, l *lane, full bool) {
	if full {
		select {
		case <-ctx.Done():
		case <-l.ended:
		}
		return
	}
	timer := time.NewTimer(s.untilNext(ctx, l))
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-s.wake[l.protocol]:
	case <-l.ended: // it may have to be tried again soon
	case <-timer.C:
	}
}

func (s *Service) untilNext(ctx context.Context, l *lane) time.Duration {
	_, busy := l.free()
	next, err := s.store.NextDelivery(ctx, l.protocol, busy...)
	switch {
	case err != nil:
		return time.Second // lease has told what is wrong, or will
	case next.IsZero():
		return idleLimit
	}
	return min(max(time.Until(next), 10*time.Millisecond), idleLimit)
}

func (s *Service) try(ctx context.Context, sender Sender, d Delivery) {
	trying, over := context.WithCancel(ctx)
	defer over()
	var renewing sync.WaitGroup
	renewing.Go(func() { s.keepLease(trying, d) })
	err := s.send(trying, sender, d)
	over()
	renewing.Wait()
	o := outcome(d, err, time.Now())
	if err != nil && errors.Is(context.Cause(ctx), errStopping) {
		o = Outcome{State: Owed, Error: errStopping.Error(), Due: time.Now(), At: time.Now(), Uncounted: true}
	}
	s.report(d, o)
	recording, cancelRecording := context.WithTimeout(context.WithoutCancel(ctx), recordingMax)
	defer cancelRecording()
	if err := s.store.FinishDelivery(recording, d, o); err != nil {
		s.options.Log.Error("record delivery", "message_id", d.Message.ID, "subscription", d.Subscription.ARN, "err", err)
	}
}

// How long a try may take unless the options say otherwise. AWS gives http and
// https subscribers 15 seconds.
const (
	mailTimeout = 30 * time.Second
	httpTimeout = 15 * time.Second
)

// send waits for its turn at a subscriber that wants few requests, and sends.
func (s *Service) send(ctx context.Context, sender Sender, d Delivery) error {
	limit := mailTimeout
	if IsHTTP(d.Subscription.Protocol) {
		limit = httpTimeout
		if err := s.pace.wait(ctx, d.Subscription.ARN, d.HTTPPolicy().PerSecond); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(s.options.SendTimeout, limit))
	defer cancel()
	return sender.Send(ctx, d)
}

// keepLease renews a delivery's lease until the try is over.
func (s *Service) keepLease(ctx context.Context, d Delivery) {
	ticker := time.NewTicker(renewEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-ticker.C:
			if err := s.store.RenewLease(ctx, d, now.Add(leaseTime)); err != nil && ctx.Err() == nil {
				s.options.Log.Error("renew lease", "message_id", d.Message.ID, "subscription", d.Subscription.ARN, "err", err)
			}
		}
	}
}

func (s *Service) report(d Delivery, o Outcome) {
	log := s.options.Log.With("message_id", d.Message.ID, "subscription", d.Subscription.ARN, "attempt", d.Attempt)
	switch o.State {
	case Delivered:
		log.Info("delivered")
	case Failed:
		log.Error("delivery given up", "err", o.Error)
	default:
		log.Warn("delivery failed, will be tried again", "due", o.Due, "err", o.Error)
	}
}

func (s *Service) sweep(ctx context.Context) {
	ticker := time.NewTicker(sweepEvery)
	defer ticker.Stop()
	for {
		now := time.Now()
		if err := s.store.Sweep(ctx, now, now.Add(-s.options.Retention)); err != nil && ctx.Err() == nil {
			s.options.Log.Error("sweep messages", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}
