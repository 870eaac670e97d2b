// SPDX-License-Identifier: Apache-2.0
#include "server/service/task_spec.h"

#include <utility>

#include "server/records/probing.h"
#include "server/records/registry.h"

namespace scamper::service {

broker::TaskSpec MakeTaskSpec(const policy::Policy* policy, std::string instance,
                              std::shared_ptr<const v1::Measurement> measurement) {
  broker::TaskSpec spec;
  spec.instance = std::move(instance);
  spec.key = records::Key(*measurement);
  spec.exclusion = records::Exclusion(*measurement);
  spec.packets = records::ProbingOf(*measurement).packets;
  spec.command = [policy, measurement =
                              std::move(measurement)](int version) -> absl::StatusOr<std::string> {
    if (policy != nullptr) {
      absl::Status allowed = policy->Check(*measurement);
      if (!allowed.ok()) return allowed;
    }
    return records::Command(*measurement, version);
  };
  return spec;
}

}  // namespace scamper::service
