package topic

import (
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
		loops.Go(func() { s.dispatch(ctx, protocol, sender) })
	}
	loops.Go(func() { s.sweep(ctx) })
	loops.Wait()
	return nil
}

// dispatch works off the deliveries of one protocol, which has its own slots:
// a server that never answers holds up its own kind only, and these only as
// long as a try may take.
func (s *Service) dispatch(ctx context.Context, protocol string, sender Sender) {
	tries, giveUp := context.WithCancelCause(context.WithoutCancel(ctx))
	defer giveUp(nil)
	slots := make(chan struct{}, s.options.Concurrency)
	ended := make(chan struct{}, 1)
	var running sync.WaitGroup
	for ctx.Err() == nil {
		free := cap(slots) - len(slots)
		leased := s.lease(ctx, protocol, free)
		for _, d := range leased {
			slots <- struct{}{}
			running.Go(func() {
				s.try(tries, sender, d)
				<-slots
				select {
				case ended <- struct{}{}:
				default:
				}
			})
		}
		if free > 0 && len(leased) == free {
			continue // there may be more
		}
		s.rest(ctx, protocol, free == 0, ended)
	}
	stop := time.AfterFunc(stopGrace, func() { giveUp(errStopping) })
	defer stop.Stop()
	running.Wait()
}

func (s *Service) lease(ctx context.Context, protocol string, free int) []Delivery {
	if free == 0 {
		return nil
	}
	now := time.Now()
	leased, err := s.store.LeaseDeliveries(ctx, protocol, now, now.Add(leaseTime), free)
	if err != nil && ctx.Err() == nil {
		s.options.Log.Error("lease deliveries", "protocol", protocol, "err", err)
	}
	return leased
}

// rest waits until there may be something to do: a publication, the next owed
// delivery, or with all slots taken the end of a try.
func (s *Service) rest(ctx context.Context, protocol string, full bool, ended <-chan struct{}) {
	if full {
		select {
		case <-ctx.Done():
		case <-ended:
		}
		return
	}
	timer := time.NewTimer(s.untilNext(ctx, protocol))
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-s.wake[protocol]:
	case <-ended: // it may have to be tried again soon
	case <-timer.C:
	}
}

func (s *Service) untilNext(ctx context.Context, protocol string) time.Duration {
	next, err := s.store.NextDelivery(ctx, protocol)
	switch {
	case err != nil:
		return time.Second // lease has told what is wrong, or will
	case next.IsZero():
		return idleLimit
	}
	return min(max(time.Until(next), 10*time.Millisecond), idleLimit)
}

func (s *Service) try(ctx context.Context, sender Sender, d Delivery) {
	sending, cancel := context.WithTimeout(ctx, s.options.SendTimeout)
	defer cancel()
	var renewing sync.WaitGroup
	renewing.Go(func() { s.keepLease(sending, d) })
	err := sender.Send(sending, d)
	cancel()
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
