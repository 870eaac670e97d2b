// SPDX-License-Identifier: Apache-2.0
// Which instances the broker has: those that are attached by themselves, and those that sources
// (directories of sc_remoted's sockets, muxes) find.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "scamper/v1/control.pb.h"
#include "server/broker/broker.h"
#include "server/control/endpoint.h"
#include "server/control/source.h"

namespace scamper::broker {

// How a vantage point that a source found is named: Instance.name of the proto. Instances and
// sources have names in common. On the control thread only.
class Fleet {
 public:
  // Of instances that cannot be asked for it: scamper's version by the name of the instance or,
  // for all vantage points of a source that have none of their own, of the source.
  using Versions = std::map<std::string, std::string>;

  // `broker` must outlive it.
  Fleet(Broker* broker, std::unique_ptr<control::Network> network, Versions versions = {});
  // Stops watching; the instances stay.
  ~Fleet();

  // Adds the daemon, or the source and what it finds. Without a name it has control::DefaultName's.
  // Returns the name. A `version` goes before those above. ALREADY_EXISTS: the name is taken.
  // UNAVAILABLE: the broker shuts down.
  absl::StatusOr<std::string> Attach(const control::Endpoint& endpoint, std::string name = {},
                                     std::string version = {});
  // Removes the instance, or the source with all its vantage points. NOT_FOUND;
  // FAILED_PRECONDITION for a vantage point that a source found. Not from inside a call of a
  // source.
  absl::Status Detach(absl::string_view name);

  // By name.
  std::vector<v1::InstanceSource> Sources() const;

 private:
  class Watched;

  std::string VersionOf(absl::string_view name, absl::string_view source) const;

  Broker* const broker_;
  const std::unique_ptr<control::Network> network_;
  Versions versions_;
  std::map<std::string, std::unique_ptr<Watched>, std::less<>> sources_;
};

}  // namespace scamper::broker
