// SPDX-License-Identifier: Apache-2.0
#include "client/cli/instances_command.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/cli/flags_from_proto.h"
#include "client/cli/json_output.h"
#include "client/cli/text_table.h"

namespace scamper::cli {
namespace {

std::string State(v1::InstanceState state) {
  const auto* value = v1::InstanceState_descriptor()->FindValueByNumber(state);
  return value == nullptr ? absl::StrCat(static_cast<int>(state)) : EnumText(value);
}

std::string ListName(const v1::List& list) {
  if (list.has_name()) return list.name();
  return list.has_id() ? absl::StrCat(list.id()) : "";
}

TableRow RowOf(const v1::Instance& i) {
  return {i.name(),
          State(i.state()),
          i.version(),
          i.has_pps() ? absl::StrCat(i.pps()) : "",
          i.monitor_name(),
          ListName(i.list()),
          i.cycle().has_id() ? absl::StrCat(i.cycle().id()) : "",
          absl::StrCat(i.outstanding()),
          i.endpoint(),
          i.error()};
}

}  // namespace

std::string InstancesTable(const v1::ListInstancesResponse& response) {
  std::vector<TableRow> rows = {{"NAME", "STATE", "VERSION", "PPS", "MONITOR", "LIST", "CYCLE",
                                 "OUTSTANDING", "ENDPOINT", "ERROR"}};
  for (const v1::Instance& instance : response.instances()) rows.push_back(RowOf(instance));
  return TextTable(std::move(rows));
}

ExitCode RunInstancesCommand(Connection& connection, const InstancesOptions& options,
                             const Console& console) {
  grpc::ClientContext context;
  connection.SetDeadline(&context);
  v1::ListInstancesResponse response;
  grpc::Status status;
  {
    Interrupt::Scope scope(connection.interrupt(), &context);
    status = connection.stub().ListInstances(&context, {}, &response);
  }
  if (!status.ok()) {
    for (const std::string& line : connection.Explain(status, {})) {
      console.err << "scamper-grpc: " << line << '\n';
    }
    return ExitCodeOf(status);
  }
  if (options.common.json) {
    for (const v1::Instance& i : response.instances()) console.out << ToJsonLine(i) << '\n';
  } else {
    console.out << InstancesTable(response);
  }
  console.out << std::flush;
  return console.out.good() ? kSuccess : kTaskFailed;
}

}  // namespace scamper::cli
