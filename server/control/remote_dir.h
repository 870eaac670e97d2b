// SPDX-License-Identifier: Apache-2.0
// A directory in which sc_remoted makes a socket for each vantage point, watched with inotify.
#pragma once

#include <memory>
#include <string>

#include "server/base/executor.h"
#include "server/control/source.h"

namespace asio {
class io_context;
}  // namespace asio

namespace scamper::control {

// A socket that appears is a vantage point, its key is the file name; when it is removed, which
// sc_remoted does as soon as the vantage point is not connected to it, the vantage point is gone.
// Other files are ignored, as are names that begin with a dot. A directory that is not there, or
// no more, is looked for again.
//
// `io_context` and `executor` must outlive the source and its connectors' sessions.
std::unique_ptr<Source> WatchRemoteDir(std::string path, asio::io_context* io_context,
                                       base::Executor* executor, SourceListener* listener);

}  // namespace scamper::control
