// SPDX-License-Identifier: Apache-2.0
// From a typed measurement to what the broker needs of it.
#pragma once

#include <memory>
#include <string>

#include "scamper/v1/task.pb.h"
#include "server/broker/broker.h"
#include "server/policy/policy.h"

namespace scamper::service {

// The policy, which must outlive the task, is asked when the task is issued; null refuses nothing.
// REQUIRES: records::Validate found nothing.
broker::TaskSpec MakeTaskSpec(const policy::Policy* policy, std::string instance,
                              std::shared_ptr<const v1::Measurement> measurement);

}  // namespace scamper::service
