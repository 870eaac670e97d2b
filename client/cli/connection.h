// SPDX-License-Identifier: Apache-2.0
// The connection to a server, and what its errors mean to a person.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "client/cli/exit_code.h"
#include "client/cli/interrupt.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/grpcpp.h"
#include "scamper/v1/control.grpc.pb.h"
#include "scamper/v1/files.grpc.pb.h"

namespace scamper::cli {

// Not thread safe.
class Connection {
 public:
  // `timeout` is for everything that is called, counted from here; infinite is none. `interrupt`
  // may be null and must outlive this. Proxies of the environment are not used.
  Connection(std::string server, absl::Duration timeout, Interrupt* interrupt);

  v1::ScamperControl::Stub& stub() { return *stub_; }
  v1::ScamperFiles::Stub& files() { return *files_; }
  Interrupt* interrupt() const { return interrupt_; }

  // REQUIRES: nothing was called with the context yet.
  void SetDeadline(grpc::ClientContext* context) const;

  // Does a unary call of stub() or files(), to the deadline or an interrupt.
  template <typename Stub, typename Request, typename Response>
  grpc::Status Call(Stub& stub,
                    grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                    const Request& request, Response* response) const {
    grpc::ClientContext context;
    SetDeadline(&context);
    const Interrupt::Scope scope(interrupt_, &context);
    return (stub.*method)(&context, request, response);
  }

  // What to tell about a call that ended with an error, lines without newline; empty after an
  // interrupt. Violations name the flag, or one of `destinations` (those of the request's
  // measurements).
  std::vector<std::string> Explain(const grpc::Status& status,
                                   const std::vector<std::string>& destinations) const;

 private:
  const std::string server_;
  const absl::Duration timeout_;
  const std::chrono::system_clock::time_point deadline_;
  Interrupt* const interrupt_;
  const std::shared_ptr<grpc::Channel> channel_;
  const std::unique_ptr<v1::ScamperControl::Stub> stub_;
  const std::unique_ptr<v1::ScamperFiles::Stub> files_;
};

ExitCode ExitCodeOf(const grpc::Status& status);

// Whether the status says which fields of the request are wrong.
bool HasViolations(const grpc::Status& status);

// "measurements[3].ping.wait_probe" -> "--wait-probe", ".dst" and other arguments -> name and
// destination, ".probedefs[1].ttl" -> "--probedefs[1].ttl", "instances[0]" -> "--inst",
// "options.input.file" -> "IN"; other paths as they are.
std::string FlagOfPath(const std::string& path, const std::vector<std::string>& destinations);

// The violations among the details, "FLAG: description", each once; the message where there are
// none.
std::vector<std::string> Violations(const google::rpc::Status& status,
                                    const std::vector<std::string>& destinations);

}  // namespace scamper::cli
