// SPDX-License-Identifier: Apache-2.0
#include "client/cli/run_command.h"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/human_output.h"
#include "client/cli/json_output.h"
#include "client/cli/progress.h"

namespace scamper::cli {
namespace {

// What is there in any request of the command line; absent where nothing was asked for.
v1::RunRequest Wanted(v1::RunRequest run) {
  if (run.stop().ByteSizeLong() == 0) run.clear_stop();
  if (run.recording().file().empty()) run.clear_recording();
  return run;
}

struct Counts {
  uint64_t expected = 0;
  uint64_t accepted = 0;
  uint64_t results = 0;
  uint64_t errors = 0;
  // Tasks without a result that a rule of --results and the like ended.
  uint64_t stopped = 0;
};

class Run {
 public:
  Run(Connection& connection, const RunOptions& options, const Console& console)
      : connection_(connection),
        options_(options),
        console_(console),
        progress_(console.err, console.live_progress) {}

  ExitCode Do() {
    ExitCode code = Select();
    if (code == kSuccess) code = OpenWarts();
    if (code != kSuccess) return code;
    MakeRequest();
    if (options_.common.json) {
      output_ = std::make_unique<JsonOutput>(console_.out);
    } else {
      output_ = std::make_unique<HumanOutput>(
          console_.out, console_.err,
          options_.all || !options_.filter.empty() || instances_.size() > 1);
    }
    return Stream();
  }

 private:
  void Say(const std::string& line) { console_.err << "scamper-grpc: " << line << std::endl; }

  ExitCode Failed(const grpc::Status& status) {
    progress_.Erase();
    for (const std::string& line : connection_.Explain(status, options_.destinations)) Say(line);
    return ExitCodeOf(status);
  }

  // Fills instances_ and preamble_ as far as they are needed.
  ExitCode Select() {
    instances_ = options_.instances;
    if (!instances_.empty() && options_.warts.empty()) return kSuccess;
    v1::ListInstancesRequest request;
    request.set_instance_filter(options_.filter);
    v1::ListInstancesResponse listed;
    const grpc::Status status = connection_.Call(
        connection_.stub(), &v1::ScamperControl::Stub::ListInstances, request, &listed);
    if (!status.ok()) return Failed(status);
    if (instances_.empty()) {
      const ExitCode code = SelectFrom(listed);
      if (code != kSuccess) return code;
    }
    for (const v1::Instance& instance : listed.instances()) {
      if (instance.name() == instances_[0]) preamble_ = instance.warts_preamble();
    }
    return kSuccess;
  }

  ExitCode SelectFrom(const v1::ListInstancesResponse& listed) {
    const bool several = options_.all || !options_.filter.empty();
    std::vector<std::string> names;
    for (const v1::Instance& instance : listed.instances()) {
      if (!several || instance.state() == v1::INSTANCE_STATE_READY) {
        names.push_back(instance.name());
      }
    }
    if (listed.instances().empty()) {
      Say(options_.filter.empty() ? "the server has no instance" : "no instance matches --filter");
      return kRpcFailed;
    }
    if (names.empty()) {
      Say("no instance is ready, see scamper-grpc instances");
      return kRpcFailed;
    }
    if (!several && names.size() > 1) {
      Say(absl::StrCat(
          "the server has several instances: choose with --inst, --filter or --all; they are ",
          absl::StrJoin(names, ", ")));
      return kUsageError;
    }
    instances_ = names;
    return kSuccess;
  }

  ExitCode OpenWarts() {
    if (options_.warts.empty()) return kSuccess;
    if (instances_.size() > 1) {
      Say(
          absl::StrCat("--warts: needs one instance, for records of different instances have "
                       "lists and cycles with the same numbers; selected are ",
                       absl::StrJoin(instances_, ", ")));
      return kUsageError;
    }
    warts_.open(options_.warts, std::ios::binary | std::ios::trunc);
    warts_ << preamble_ << std::flush;
    if (warts_.good()) return kSuccess;
    Say(absl::StrCat("--warts: cannot write ", options_.warts));
    return kUsageError;
  }

  void MakeRequest() {
    request_ = Wanted(options_.run);
    for (const std::string& dst : options_.destinations) {
      *request_.add_measurements() = WithDestination(options_.measurement, dst);
    }
    for (const std::string& name : instances_) request_.add_instances(name);
    if ((options_.all || !options_.filter.empty()) && options_.warts.empty()) {
      request_.clear_instances();
      request_.set_all_instances(options_.all);
      request_.set_instance_filter(options_.filter);
    }
    request_.mutable_options()->set_warts(warts_.is_open());
    request_.mutable_options()->set_addresses(options_.addresses);
    counts_.expected = options_.destinations.size() * instances_.size();
  }

  ExitCode Stream() {
    grpc::ClientContext context;
    connection_.SetDeadline(&context);
    Interrupt::Scope scope(connection_.interrupt(), &context);
    std::unique_ptr<grpc::ClientReader<v1::RunResponse>> reader =
        connection_.stub().Run(&context, request_);
    v1::RunResponse event;
    ShowProgress();
    bool cannot_write = false;
    while (reader->Read(&event)) {
      Handle(event);
      if (cannot_write || (console_.out.good() && (!warts_.is_open() || warts_.good()))) continue;
      cannot_write = true;
      context.TryCancel();
    }
    const grpc::Status status = reader->Finish();
    progress_.Erase();
    if (!cannot_write) return End(status);
    Say(console_.out.good() ? absl::StrCat("cannot write ", options_.warts)
                            : "cannot write the output");
    return kTaskFailed;
  }

  const std::string& Destination(const v1::Task& task) const {
    static const std::string kUnknown = "?";
    return task.measurement() < options_.destinations.size()
               ? options_.destinations[task.measurement()]
               : kUnknown;
  }

  void Handle(const v1::RunResponse& event) {
    switch (event.event_case()) {
      case v1::RunResponse::kAccepted:
        ++counts_.accepted;
        break;
      case v1::RunResponse::kResult:
        progress_.Erase();
        ++counts_.results;
        if (warts_.is_open()) warts_ << event.result().warts() << std::flush;
        output_->Result(event.result(), Destination(event.result().task()));
        break;
      case v1::RunResponse::kError:
        if (StoppedByRule(event.error())) {
          ++counts_.stopped;
          break;
        }
        progress_.Erase();
        ++counts_.errors;
        output_->Error(event.error(), Destination(event.error().task()));
        break;
      case v1::RunResponse::kProgress:
        progress_.Erase();
        output_->Interim(event.progress(), Destination(event.progress().task()));
        break;
      case v1::RunResponse::kDone:
        done_ = event.done();
        break;
      default:
        break;
    }
    ShowProgress();
  }

  // It gave no result, which is as it should be.
  bool StoppedByRule(const v1::TaskError& error) const {
    return request_.has_stop() && (error.outcome() == v1::TASK_OUTCOME_HALTED ||
                                   error.outcome() == v1::TASK_OUTCOME_EXPIRED);
  }

  void ShowProgress() { progress_.Show(counts_.results + counts_.errors, Total(), counts_.errors); }

  uint64_t Total() const { return std::max(counts_.expected, counts_.accepted); }

  ExitCode End(const grpc::Status& status) {
    const bool complete =
        counts_.results + counts_.stopped >= counts_.accepted && counts_.errors == 0;
    ExitCode code = complete ? kSuccess : kTaskFailed;
    if (done_.recording().has_error()) {
      Say(absl::StrCat("--record: ", done_.recording().error().message()));
      code = kTaskFailed;
    }
    if (!status.ok()) {
      code = Failed(status);
      const bool late = status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED;
      if (late && counts_.accepted > 0) code = kTaskFailed;
    }
    if (code != kSuccess && counts_.accepted > 0 && Total() > 1) {
      Say(absl::StrCat(counts_.results, " of ", Total(), " tasks gave a result"));
    }
    return code;
  }

  Connection& connection_;
  const RunOptions& options_;
  const Console& console_;
  Progress progress_;
  std::vector<std::string> instances_;
  std::string preamble_;
  std::ofstream warts_;
  v1::RunRequest request_;
  std::unique_ptr<Output> output_;
  Counts counts_;
  v1::RunDone done_;
};

}  // namespace

ExitCode RunMeasurementCommand(Connection& connection, const RunOptions& options,
                               const Console& console) {
  return Run(connection, options, console).Do();
}

}  // namespace scamper::cli
