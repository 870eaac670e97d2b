// SPDX-License-Identifier: Apache-2.0
// A file of the server's store that a command reads.
#pragma once

#include <memory>
#include <string>

#include "client/cli/connection.h"
#include "server/io/byte_source.h"

namespace scamper::cli {

// Calls Download, and delivers what comes. `*end` is the status of the call once the source gave
// an error; the source's has the same code, and the text is made for people. `connection` and `end`
// must outlive the source, whose destruction cancels the call.
std::unique_ptr<io::ByteSource> OpenStored(Connection& connection, const std::string& name,
                                           grpc::Status* end);

}  // namespace scamper::cli
