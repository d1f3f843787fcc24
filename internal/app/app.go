// Package app puts the program together and runs it: New opens the data and
// wires the stations, Start returns at once, Stop is safe at any time, Run is
// all three. The command line, tests and other Go programs start the same thing.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tocsin-dev/tocsin/internal/pipeline"
	"github.com/tocsin-dev/tocsin/internal/sqlstore"
)

// stopWithin bounds how long Run waits for the parts to stop.
const stopWithin = 10 * time.Second

// App is a Tocsin.
type App struct {
	*stations
	log *slog.Logger
	db  *sqlstore.DB

	api, console server
	ready        atomic.Bool

	start  sync.Once
	stop   sync.Once
	cancel context.CancelFunc
	ended  chan struct{} // closed when the loops have ended
	err    error         // of the loops, once ended is closed
}

// server is an HTTP server with its listener.
type server struct {
	*http.Server
	listener net.Listener
}

// New opens the data and binds the addresses. Nothing runs yet.
func New(ctx context.Context, options Options) (*App, error) {
	options = options.withDefaults()
	a := &App{log: options.Log, ended: make(chan struct{})}
	if err := a.open(ctx, options); err != nil {
		return nil, errors.Join(err, a.close())
	}
	return a, nil
}

func (a *App) open(ctx context.Context, options Options) (err error) {
	if err := prepareData(options.Data); err != nil {
		return err
	}
	if a.api, err = listen(options.API); err != nil {
		return err
	}
	if a.console, err = listen(options.Console); err != nil {
		return err
	}
	if options.PublicURL == "" {
		options.PublicURL = "http://" + a.API()
	}
	if a.db, err = sqlstore.Open(ctx, options.path("tocsin.db")); err != nil {
		return err
	}
	if a.stations, err = wire(ctx, options, a.db); err != nil {
		return err
	}
	if err := a.install(ctx); err != nil {
		return err
	}
	a.console.Handler = a.consoleHandler()
	a.api.Handler, err = a.apiHandler()
	return err
}

// install makes what serve promises to be there: the trails' log group and,
// with an address to notify, the starter set.
func (a *App) install(ctx context.Context) error {
	if len(a.options.Trails) == 0 && a.options.Notify == "" {
		return nil
	}
	scope := a.options.scope()
	if _, err := a.trailGroup(ctx, scope, a.options.TrailGroup); err != nil {
		return fmt.Errorf("log group of the trails: %w", err)
	}
	if a.options.Notify == "" {
		return nil
	}
	set := starter{stations: a.stations, scope: scope, group: a.options.TrailGroup, notify: a.options.Notify}
	return set.install(ctx, time.Now())
}

func listen(address string) (server, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return server{}, fmt.Errorf("listen on %s: %w", address, err)
	}
	return server{
		Server:   &http.Server{ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 2 * time.Minute, IdleTimeout: 2 * time.Minute},
		listener: listener,
	}, nil
}

// API is the address that AWS clients talk to, host:port.
func (a *App) API() string { return a.api.listener.Addr().String() }

// Console is the address of health, readiness and metrics, host:port.
func (a *App) Console() string { return a.console.listener.Addr().String() }

// Start starts servers and loops and returns at once. It does nothing the
// second time.
func (a *App) Start() {
	a.start.Do(func() {
		ctx, cancel := context.WithCancel(context.Background())
		a.cancel = cancel
		go func() {
			defer close(a.ended)
			a.err = pipeline.Run(ctx, a.loops()...)
		}()
		a.ready.Store(true)
	})
}

// loops are everything that runs: the two servers and the chain.
func (a *App) loops() []pipeline.Loop {
	loops := []pipeline.Loop{a.api.serve, a.console.serve}
	return append(loops, a.stations.loops()...)
}

func (s server) serve(ctx context.Context) error {
	failed := make(chan error, 1)
	go func() { failed <- s.Serve(s.listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve %s: %w", s.listener.Addr(), err)
	case <-ctx.Done():
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin/2)
	defer cancel()
	if err := s.Shutdown(ctx); err != nil {
		return errors.Join(fmt.Errorf("stop %s: %w", s.listener.Addr(), err), s.Close())
	}
	return nil
}

// Stop ends servers and loops, waits for them until the context ends, and
// closes the data. It may be called twice, and before Start.
func (a *App) Stop(ctx context.Context) (err error) {
	a.stop.Do(func() {
		a.ready.Store(false)
		a.start.Do(func() { close(a.ended) })
		if a.cancel != nil {
			a.cancel()
		}
		select {
		case <-a.ended:
			err = errors.Join(a.err, a.close())
		case <-ctx.Done():
			err = fmt.Errorf("stop: %w", ctx.Err())
		}
	})
	return err
}

func (a *App) close() error {
	var errs []error
	for _, s := range []server{a.api, a.console} {
		if s.listener != nil {
			if err := s.listener.Close(); !errors.Is(err, net.ErrClosed) {
				errs = append(errs, err)
			}
		}
	}
	if a.db != nil {
		errs = append(errs, a.db.Close())
	}
	return errors.Join(errs...)
}

// Run starts, waits until the context ends or a part fails, and stops.
func (a *App) Run(ctx context.Context) error {
	a.Start()
	select {
	case <-ctx.Done():
	case <-a.ended:
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
	defer cancel()
	return a.Stop(ctx)
}
