// SPDX-License-Identifier: Apache-2.0
#include "server/service/task_spec.h"

#include <utility>

#include "server/records/registry.h"

namespace scamper::service {

broker::TaskSpec MakeTaskSpec(std::string instance,
                              std::shared_ptr<const v1::Measurement> measurement) {
  broker::TaskSpec spec;
  spec.instance = std::move(instance);
  spec.key = records::Key(*measurement);
  spec.command = [measurement = std::move(measurement)](int version) {
    return records::Command(*measurement, version);
  };
  return spec;
}

}  // namespace scamper::service
