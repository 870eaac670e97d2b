// SPDX-License-Identifier: Apache-2.0
#include "client/cli/explain_command.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/cli/json_output.h"
#include "client/cli/text_table.h"

namespace scamper::cli {
namespace {

std::string Seconds(const google::protobuf::Duration& duration) {
  return absl::StrFormat("%.1f", static_cast<double>(duration.seconds()) + duration.nanos() / 1e9);
}

v1::ExplainRequest RequestOf(const RunOptions& options) {
  v1::ExplainRequest request;
  for (const std::string& dst : options.destinations) {
    *request.add_measurements() = WithDestination(options.measurement, dst);
  }
  for (const std::string& name : options.instances) request.add_instances(name);
  request.set_all_instances(options.all);
  request.set_instance_filter(options.filter);
  return request;
}

// Collects the tables, as their widths are known at the end.
class Tables {
 public:
  void Add(const v1::ExplainedTask& task) {
    tasks_.push_back({task.instance(), absl::StrCat(task.packets()),
                      task.has_packets_max() ? absl::StrCat(task.packets_max()) : "",
                      Seconds(task.duration()), task.command(), task.status().message()});
  }
  void Add(const v1::ExplainedInstance& sums) {
    instances_.push_back({sums.instance(), absl::StrCat(sums.tasks()),
                          absl::StrCat(sums.not_sent()), absl::StrCat(sums.packets()),
                          sums.has_packets_max() ? absl::StrCat(sums.packets_max()) : "",
                          sums.has_pps() ? absl::StrCat(sums.pps()) : "",
                          sums.has_duration() ? Seconds(sums.duration()) : ""});
  }
  std::string Text() && {
    return absl::StrCat(TextTable(std::move(tasks_)), "\n", TextTable(std::move(instances_)));
  }

 private:
  std::vector<TableRow> tasks_ = {
      {"INSTANCE", "PACKETS", "AT MOST", "SECONDS", "COMMAND", "NOT SENT BECAUSE"}};
  std::vector<TableRow> instances_ = {
      {"INSTANCE", "TASKS", "NOT SENT", "PACKETS", "AT MOST", "PPS", "SECONDS"}};
};

}  // namespace

ExitCode RunExplainCommand(Connection& connection, const RunOptions& options,
                           const Console& console) {
  grpc::ClientContext context;
  connection.SetDeadline(&context);
  Interrupt::Scope scope(connection.interrupt(), &context);
  std::unique_ptr<grpc::ClientReader<v1::ExplainResponse>> reader =
      connection.stub().Explain(&context, RequestOf(options));
  v1::ExplainResponse event;
  Tables tables;
  bool all_sent = true;
  while (reader->Read(&event)) {
    if (event.has_task()) {
      all_sent = all_sent && event.task().outcome() == v1::TASK_OUTCOME_UNSPECIFIED;
      if (options.common.json) {
        const size_t i = event.task().measurement();
        console.out << ToJsonLine(event.task(), i < options.destinations.size()
                                                    ? options.destinations[i]
                                                    : std::string())
                    << '\n';
      } else {
        tables.Add(event.task());
      }
    } else if (event.has_instance()) {
      if (options.common.json) {
        console.out << ToJsonLine(event.instance()) << '\n';
      } else {
        tables.Add(event.instance());
      }
    }
  }
  const grpc::Status status = reader->Finish();
  if (!status.ok()) {
    for (const std::string& line : connection.Explain(status, options.destinations)) {
      console.err << "scamper-grpc: " << line << '\n';
    }
    return ExitCodeOf(status);
  }
  if (!options.common.json) console.out << std::move(tables).Text();
  console.out << std::flush;
  return all_sent && console.out.good() ? kSuccess : kTaskFailed;
}

}  // namespace scamper::cli
