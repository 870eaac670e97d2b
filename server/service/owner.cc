// SPDX-License-Identifier: Apache-2.0
#include "server/service/owner.h"

#include <memory>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "grpcpp/security/auth_context.h"

namespace scamper::service {

std::string OwnerOf(const grpc::ServerContextBase& context) {
  const std::shared_ptr<const grpc::AuthContext> proven = context.auth_context();
  if (proven != nullptr && proven->IsPeerAuthenticated()) {
    const std::vector<grpc::string_ref> identity = proven->GetPeerIdentity();
    if (!identity.empty()) {
      return absl::StrCat("identity:", absl::string_view(identity[0].data(), identity[0].size()));
    }
  }
  return WithoutPort(context.peer());
}

std::string WithoutPort(absl::string_view peer) {
  if (absl::StartsWith(peer, "unix")) return "unix";
  return std::string(peer.substr(0, peer.rfind(':')));
}

}  // namespace scamper::service
