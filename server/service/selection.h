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

// The instances that a request means: the named ones, each once; all that are ready; those of them
// for which the filter holds (see instance_filter.h); or, where nothing is given, the only one.
// NOT_FOUND: no such name, or the filter holds for none. INVALID_ARGUMENT: more than one of the
// three, a name twice, the filter. UNAVAILABLE: none is ready. FAILED_PRECONDITION as above.
absl::StatusOr<std::vector<std::string>> SelectInstances(
    broker::Broker& broker, const google::protobuf::RepeatedPtrField<std::string>& names,
    bool all_instances, absl::string_view instance_filter);

// One plan for each instance that has something to do. Errors as above.
absl::StatusOr<std::vector<runs::Plan>> SelectForRun(broker::Broker& broker,
                                                     const v1::RunRequest& request);

// Which instances are a session's, now and later. Errors as above, but that none need be there or
// ready with all or a filter.
absl::StatusOr<std::function<bool(const v1::Instance&)>> SelectForSession(
    broker::Broker& broker, const v1::SessionOpen& open);

}  // namespace scamper::service
