// SPDX-License-Identifier: Apache-2.0
// The Read RPC.
#pragma once

#include "grpcpp/support/server_callback.h"
#include "scamper/v1/files.pb.h"
#include "server/service/call_pool.h"
#include "server/store/store.h"

namespace scamper::service {

// `store` may be null.
grpc::ServerBidiReactor<v1::ReadRequest, v1::ReadResponse>* StartReadCall(CallPool* pool,
                                                                          store::Store* store);

}  // namespace scamper::service
