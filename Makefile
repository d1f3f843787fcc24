# The verbs everyone guesses; `make help` lists them.
GO ?= go
STATICCHECK ?= honnef.co/go/tools/cmd/staticcheck@v0.7.0

.PHONY: help run build test race bench lint fmt generate fuzz kill

help: ## list the verbs
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-9s %s\n", $$1, $$2}'

run: ## ring the bell: serve the sample trail, mails on disk
	$(GO) run ./cmd/tocsin serve --trail examples/trail --notify you@example.com

build: ## bin/tocsin, without cgo
	CGO_ENABLED=0 $(GO) build -trimpath -o bin/tocsin ./cmd/tocsin

test: ## every test, real clients included
	scripts/test

race: ## every test with the race detector
	scripts/test -race

bench: ## start time, memory, latency, and the engine's benchmarks
	scripts/bench

lint: ## gofmt, vet, staticcheck
	@test -z "$$(gofmt -l .)" || { gofmt -l .; echo "run make fmt"; exit 1; }
	$(GO) vet ./...
	$(GO) run $(STATICCHECK) ./...

fmt: ## gofmt everything
	gofmt -w .

generate: ## regenerate what is generated (offline)
	$(GO) generate ./...

fuzz: ## every fuzz target for FUZZTIME (default 20s) each
	scripts/fuzz

kill: ## kill -9 at random moments, ROUNDS times (default 25), and count
	scripts/killtest
