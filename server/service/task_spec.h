// SPDX-License-Identifier: Apache-2.0
// From a typed measurement to what the broker needs of it.
#pragma once

#include <memory>
#include <string>

#include "scamper/v1/task.pb.h"
#include "server/broker/broker.h"

namespace scamper::service {

// REQUIRES: records::Validate found nothing.
broker::TaskSpec MakeTaskSpec(std::string instance,
                              std::shared_ptr<const v1::Measurement> measurement);

}  // namespace scamper::service
