// SPDX-License-Identifier: Apache-2.0
// Which instances a request means.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "scamper/v1/control.pb.h"
#include "scamper/v1/session.pb.h"
#include "server/broker/broker.h"
#include "server/runs/run.h"

namespace scamper::service {

// The instance of a unary call: the named one, which need not exist (Broker::Submit says so), or
// the only one. FAILED_PRECONDITION: none named and not exactly one there.
absl::StatusOr<std::string> SelectOne(broker::Broker& broker, absl::string_view name);

// One plan for each instance that has something to do.
// NOT_FOUND; INVALID_ARGUMENT (named twice, both named and all); UNAVAILABLE (all, and none is
// ready); FAILED_PRECONDITION as above.
absl::StatusOr<std::vector<runs::Plan>> SelectForRun(broker::Broker& broker,
                                                     const v1::RunRequest& request);

// Which instances are a session's, now and later. Errors as of SelectForRun, but with all none need
// be ready.
absl::StatusOr<std::function<bool(const v1::Instance&)>> SelectForSession(
    broker::Broker& broker, const v1::SessionOpen& open);

}  // namespace scamper::service
