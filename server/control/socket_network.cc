// SPDX-License-Identifier: Apache-2.0
#include "server/control/socket_network.h"

#include "server/control/mux_source.h"
#include "server/control/remote_dir.h"
#include "server/control/socket_session.h"

namespace scamper::control {
namespace {

class SocketNetwork : public Network {
 public:
  SocketNetwork(asio::io_context* io, base::Executor* executor) : io_(io), executor_(executor) {}

  std::unique_ptr<Connector> MakeConnector(const Endpoint& endpoint) override {
    return MakeSocketConnector(endpoint, io_);
  }
  std::unique_ptr<Source> Watch(const Endpoint& endpoint, SourceListener* listener) override {
    if (endpoint.kind == Endpoint::Kind::kMux) return WatchMux(endpoint, io_, executor_, listener);
    return WatchRemoteDir(endpoint.path, io_, executor_, listener);
  }

 private:
  asio::io_context* const io_;
  base::Executor* const executor_;
};

}  // namespace

std::unique_ptr<Network> MakeSocketNetwork(asio::io_context* io_context, base::Executor* executor) {
  return std::make_unique<SocketNetwork>(io_context, executor);
}

}  // namespace scamper::control
