// Package shapes holds the request and response types of the AWS APIs that
// Tocsin answers, one generated package per service, and beside the types a
// table (Model) of names, constraints and error codes that package wire reads.
//
// The source is models/<service>.json: botocore's service models, trimmed to the
// operations in scope by models/trim.py. They are Copyright Amazon.com, Inc. or
// its affiliates and licensed under the Apache License, Version 2.0. Generating
// needs no network:
//
//	go generate ./internal/awsapi/shapes/...
package shapes

//go:generate go run ./gen
