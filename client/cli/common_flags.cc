// SPDX-License-Identifier: Apache-2.0
#include "client/cli/common_flags.h"

#include <algorithm>
#include <utility>

#include "absl/status/statusor.h"
#include "client/cli/duration_text.h"
#include "server/records/micros.h"

namespace scamper::cli {
void Wrong(const std::string& flag, const absl::Status& status) {
  throw CLI::ValidationError(flag, std::string(status.message()));
}

CLI::Option* AddList(CLI::App* app, const std::string& name,
                     std::function<void(const std::vector<std::string>&)> set,
                     const std::string& help) {
  return app->add_option_function(name, set, help)->allow_extra_args(false);
}

void AddServer(CLI::App* app, CommonOptions* common) {
  app->add_option("--server", common->server,
                  "Address of scamper-grpc-server, HOST:PORT or unix:PATH. Default: environment "
                  "SCAMPER_GRPC_SERVER, else localhost:50151.")
      ->option_text("ADDRESS");
}

void AddJson(CLI::App* app, CommonOptions* common) {
  app->add_flag("--json", common->json, "One JSON object a line.");
}

void AddTimeout(CLI::App* app, CommonOptions* common, const std::string& help) {
  app->add_option_function<std::string>(
         "--timeout",
         [common](const std::string& text) {
           absl::StatusOr<google::protobuf::Duration> timeout = ParseDuration(text);
           if (!timeout.ok()) Wrong("--timeout", timeout.status());
           common->timeout = records::ToAbsl(*timeout);
         },
         help)
      ->option_text("SECONDS");
}

CommonOptions Merge(const CommonOptions& before, const CommonOptions& in_command) {
  CommonOptions merged = in_command;
  if (merged.server.empty()) merged.server = before.server;
  merged.json |= before.json;
  merged.timeout = std::min(merged.timeout, before.timeout);
  return merged;
}

}  // namespace scamper::cli
