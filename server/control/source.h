// SPDX-License-Identifier: Apache-2.0
// Where vantage points appear and go: sc_remoted's directory of sockets, or its mux.
#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "scamper/v1/vantage_point.pb.h"
#include "server/control/endpoint.h"
#include "server/control/session.h"

namespace scamper::control {

struct FoundVp {
  // What the source calls it; unique among those that it has.
  std::string key;
  // For people, e.g. "remote:/run/vps/vp1-192.0.2.1:40000".
  std::string endpoint;
  // What to call it where neither monitor name, short name nor address is known.
  std::string fallback_name;
  v1::VantagePoint vantage_point;
  // Stays valid when the vantage point, or the source, has gone; sessions then fail.
  std::unique_ptr<Connector> connector;
};

// Called by a source on the control thread, never from inside a call of it. May not destroy it.
class SourceListener {
 public:
  virtual ~SourceListener() = default;
  virtual void OnFound(FoundVp vp) = 0;
  // Something else is known of it now.
  virtual void OnChanged(const std::string& key, v1::VantagePoint vantage_point) = 0;
  virtual void OnGone(const std::string& key, absl::string_view why) = 0;
  // OK: all that were there at the beginning have been told of, changes follow. Else why the source
  // cannot be watched now; it tries again by itself. Of a directory that is lost all vantage points
  // go; those of a mux stay until it is seen again without them.
  virtual void OnStatus(absl::Status status) = 0;
};

// Watches until it is destroyed.
class Source {
 public:
  virtual ~Source() = default;
};

// Makes what reaches daemons. On the control thread.
class Network {
 public:
  virtual ~Network() = default;
  // REQUIRES: kind kUnix, kInet or kRemote.
  virtual std::unique_ptr<Connector> MakeConnector(const Endpoint& endpoint) = 0;
  // REQUIRES: kind kRemoteDir or kMux. The listener must outlive the source.
  virtual std::unique_ptr<Source> Watch(const Endpoint& endpoint, SourceListener* listener) = 0;
};

}  // namespace scamper::control
