// SPDX-License-Identifier: Apache-2.0
#include "client/cli/command_line.h"

#include <algorithm>
#include <list>
#include <memory>
#include <utility>

#include <CLI/CLI.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "client/cli/common_flags.h"
#include "client/cli/file_flags.h"
#include "client/cli/flags_from_proto.h"
#include "client/cli/help_format.h"

namespace scamper::cli {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr char kAbout[] =
    "Measures from scamper instances through scamper-grpc-server; converts, shows and keeps result "
    "files. Exit code: 0 every task gave a result (no reply is one too), 1 a task failed, 2 wrong "
    "usage, 3 the server cannot be reached or refused the call, 4 damage of a file was left out, "
    "130 interrupted.";

// A command of the command line and what its flags were parsed into.
struct MeasurementCommand {
  CLI::App* app = nullptr;
  RunOptions options;
  std::vector<std::string> destinations;
};

void AddCommon(CLI::App* app, CommonOptions* common) {
  AddServer(app, common);
  AddJson(app, common);
  AddTimeout(app, common,
             "End after this time, e.g. 60 or 500ms; what has no result by then is halted.");
}

CLI::Option* AddFilter(CLI::App* app, std::string* filter, const std::string& help) {
  return app
      ->add_option("--filter", *filter,
                   absl::StrCat(help,
                                ", e.g. 'country = NZ AND (tags:fast OR asn = 64496)'; over "
                                "name, country, region, place, iata, asn, tags, latitude, "
                                "longitude, version, capabilities, state ..."))
      ->option_text("FILTER");
}

void AddSelection(CLI::App* app, RunOptions* options) {
  CLI::Option* inst = AddList(
      app, "--inst",
      [options](const std::vector<std::string>& values) {
        for (std::string& name : SplitList(values)) {
          auto& all = options->instances;
          if (std::find(all.begin(), all.end(), name) == all.end()) {
            all.push_back(std::move(name));
          }
        }
      },
      "Instances to measure from, several with commas or repeated. Without this and --all: "
      "the one instance of a server that has just one.");
  inst->option_text("NAME[,NAME]");
  CLI::Option* all =
      app->add_flag("--all", options->all, "Measure from all instances that are ready.")
          ->excludes(inst);
  AddFilter(app, &options->filter, "Measure from all that are ready and match")
      ->excludes(inst)
      ->excludes(all);
  CLI::Option* dry_run =
      app->add_flag("--dry-run", options->dry_run,
                    "Send nothing to scamper; show the commands, the packets and the time that "
                    "they take by estimate, and what the server would refuse.");
  app->add_option(
         "--warts", options->warts,
         "Also write the records to this file, in scamper's format; from one instance only.")
      ->option_text("FILE")
      ->excludes(dry_run);
  CLI::Option* record =
      app->add_option(
             "--record", *options->run.mutable_recording()->mutable_file(),
             "Also record the results on the server, as a file of its store; as what, the end of "
             "its "
             "name says, e.g. .warts.gz or .json. It is there also if this command is cut off.")
          ->option_text("NAME")
          ->excludes(dry_run);
  app->add_flag_function(
         "--overwrite",
         [options](int64_t) { options->run.mutable_recording()->set_overwrite(true); },
         "Replace a file of the name that --record gives.")
      ->needs(record);
  app->add_option("--request-id", *options->run.mutable_request_id(),
                  "Joins the run of that id where there is one, e.g. after this command was cut "
                  "off; else begins one that goes on for a time when this command is cut off. With "
                  "the same arguments.")
      ->option_text("ID")
      ->excludes(dry_run);
  app->add_flag("--addresses", options->addresses,
                "With --json: say of each address of a result what it is.");
}

CLI::App* AddAttach(CLI::App* app, AttachOptions* options) {
  CLI::App* attach = app->add_subcommand(
      "attach",
      "Let the server connect to an instance, or watch where instances appear; until it is "
      "detached or the server ends. The server must have been started with --allow_attach.");
  attach->group("Commands")->formatter(std::make_shared<HelpFormat>());
  AddServer(attach, &options->common);
  AddTimeout(attach, &options->common, "End after this time, e.g. 60 or 500ms.");
  attach
      ->add_option("ENDPOINT", options->endpoint,
                   "unix:PATH, inet:HOST:PORT, remote:PATH, remote_dir:PATH, mux:PATH or "
                   "mux:HOST:PORT, as the server sees it.")
      ->required();
  attach->add_option("--name", options->name, "What to call it; default: the endpoint.")
      ->option_text("NAME");
  attach
      ->add_option("--version-of", options->version,
                   "scamper's version, e.g. 20230614, where it cannot be asked.")
      ->option_text("VERSION");
  return attach;
}

CLI::App* AddDetach(CLI::App* app, DetachOptions* options) {
  CLI::App* detach = app->add_subcommand(
      "detach", "Remove an instance, or a source with all that it found; their tasks end as lost.");
  detach->group("Commands")->formatter(std::make_shared<HelpFormat>());
  AddServer(detach, &options->common);
  AddTimeout(detach, &options->common, "End after this time, e.g. 60 or 500ms.");
  detach->add_option("NAME", options->name, "Name of the instance or the source.")->required();
  return detach;
}

// The message of parameters inside the measurement.
Message* Parameters(v1::Measurement* measurement, const FieldDescriptor* kind) {
  return measurement->GetReflection()->MutableMessage(measurement, kind);
}

void AddParameter(CLI::App* app, const ParameterFlag& flag, const std::string& group,
                  Message* parameters) {
  const auto set = [parameters, field = flag.field,
                    name = flag.name](const std::vector<std::string>& values) {
    const absl::Status status = SetParameter(field, values, parameters);
    if (!status.ok()) Wrong(name, status);
  };
  CLI::Option* option = nullptr;
  if (flag.value.empty()) {
    option = app->add_flag_function(
        flag.name, [set](int64_t) { set({}); }, flag.help);
    option->disable_flag_override();
  } else if (flag.repeatable) {
    option = AddList(app, flag.name, set, flag.help);
    option->option_text(flag.list ? absl::StrCat(flag.value, "[,", flag.value, "]") : flag.value);
  } else {
    option = app->add_option_function<std::string>(
        flag.name, [set](const std::string& value) { set({value}); }, flag.help);
    option->option_text(flag.value);
  }
  option->group(group);
}

// The fields that the arguments stand for.
std::vector<const FieldDescriptor*> ArgumentsOf(const v1::Measurement& measurement) {
  const auto* oneof = v1::Measurement::descriptor()->FindOneofByName("kind");
  return ArgumentFields(
      measurement.GetReflection()->GetOneofFieldDescriptor(measurement, oneof)->message_type());
}

// Adds what is measured as arguments. Addresses can also stand in probe definitions.
void AddArguments(const std::vector<const FieldDescriptor*>& fields, bool has_definitions,
                  MeasurementCommand* command) {
  if (fields.empty()) return;
  std::string what = "IPv4 or IPv6 addresses, a measurement each";
  if (fields[0]->name() == "qname") what = "Names to look up, a measurement each";
  if (fields.size() > 1) {
    what = absl::StrCat("IPv4 or IPv6 addresses, a measurement for each ", fields[0]->name(),
                        " and ", fields[1]->name());
  }
  if (fields[0]->is_repeated()) what = "IPv4 or IPv6 addresses, all of one measurement";
  CLI::Option* option = command->app->add_option(
      "DST", command->destinations,
      absl::StrCat(what, "; - reads them from standard input, # begins a comment."));
  const std::string& first = fields[0]->name();
  if (!has_definitions || first == "dst" || first == "near") option->required();
}

// The flags, which are many and whose help takes long to read.
void AddMeasurementFlags(const FieldDescriptor* kind, MeasurementCommand* command) {
  AddCommon(command->app, &command->options.common);
  AddSelection(command->app, &command->options);
  Message* parameters = Parameters(&command->options.measurement, kind);
  const auto* type = parameters->GetDescriptor();
  AddArguments(ArgumentFields(type), type->FindFieldByName("probedefs") != nullptr, command);
  for (const ParameterFlag& flag : ParameterFlags(type)) {
    AddParameter(command->app, flag, "Parameters", parameters);
  }
  v1::StopRules* stop = command->options.run.mutable_stop();
  for (const ParameterFlag& flag : ParameterFlags(stop->GetDescriptor())) {
    AddParameter(command->app, flag, "When to stop", stop);
  }
}

void AddMeasurement(CLI::App* app, const FieldDescriptor* kind, MeasurementCommand* command) {
  command->app = app->add_subcommand(
      kind->name(), absl::StrCat("Run ", kind->name(),
                                 ". What is not given is left to scamper; in () stands the option "
                                 "of its own command."));
  command->app->group("Commands")->formatter(std::make_shared<HelpFormat>());
  // Only the command that is given has its flags read.
  command->app->preparse_callback([kind, command](size_t) { AddMeasurementFlags(kind, command); });
}

void ReadDestinations(std::istream& in, std::vector<std::string>* destinations) {
  std::string line;
  while (std::getline(in, line)) {
    std::istringstream words(line.substr(0, line.find('#')));
    std::string word;
    while (words >> word) destinations->push_back(word);
  }
}

// The arguments with those of standard input.
std::vector<std::string> Expanded(const std::vector<std::string>& given, std::istream& in) {
  std::vector<std::string> arguments;
  for (const std::string& argument : given) {
    if (argument == "-") {
      ReadDestinations(in, &arguments);
    } else {
      arguments.push_back(argument);
    }
  }
  if (arguments.empty() && !given.empty()) {
    throw CLI::ValidationError("DST", "standard input has no destination");
  }
  return arguments;
}

// The arguments of each measurement, see RunOptions.
std::vector<std::string> Grouped(const std::vector<std::string>& arguments,
                                 const std::vector<const FieldDescriptor*>& fields) {
  if (arguments.empty()) return {""};
  if (fields[0]->is_repeated()) return {absl::StrJoin(arguments, " ")};
  if (arguments.size() % fields.size() != 0) {
    throw CLI::ValidationError("DST", absl::StrCat("each measurement takes ", fields.size(),
                                                   " addresses, there are ", arguments.size()));
  }
  std::vector<std::string> groups;
  for (size_t i = 0; i < arguments.size(); i += fields.size()) {
    groups.push_back(absl::StrJoin(arguments.begin() + static_cast<ptrdiff_t>(i),
                                   arguments.begin() + static_cast<ptrdiff_t>(i + fields.size()),
                                   " "));
  }
  return groups;
}

// What to say of a command line that is wrong.
std::string Complaint(const CLI::App& app, const CLI::ParseError& error) {
  const std::vector<CLI::App*> used = app.get_subcommands();
  if (!used.empty()) {
    return absl::StrCat("scamper-grpc: ", error.what(), "\nTry scamper-grpc ", used[0]->get_name(),
                        " --help.\n");
  }
  std::string names;
  if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::RequiredError)) {
    for (const CLI::App* command : app.get_subcommands({})) {
      absl::StrAppend(&names, names.empty() ? "" : ", ", command->get_name());
    }
    names = absl::StrCat("name a command: ", names);
  }
  return absl::StrCat("scamper-grpc: ", names.empty() ? error.what() : names,
                      "\nTry scamper-grpc --help.\n");
}

}  // namespace

v1::Measurement WithDestination(const v1::Measurement& measurement, const std::string& dst) {
  v1::Measurement one = measurement;
  const auto* oneof = v1::Measurement::descriptor()->FindOneofByName("kind");
  Message* parameters = Parameters(&one, one.GetReflection()->GetOneofFieldDescriptor(one, oneof));
  const auto fields = ArgumentFields(parameters->GetDescriptor());
  if (fields.empty() || dst.empty()) return one;
  const auto* reflection = parameters->GetReflection();
  if (fields[0]->is_repeated()) {
    for (const auto text : absl::StrSplit(dst, ' ')) {
      reflection->AddString(parameters, fields[0], std::string(text));
    }
    return one;
  }
  // What is too much stays in the last, for the server to refuse.
  const std::vector<std::string> texts =
      absl::StrSplit(dst, absl::MaxSplits(' ', static_cast<int>(fields.size()) - 1));
  for (size_t i = 0; i < texts.size(); ++i) {
    reflection->SetString(parameters, fields[i], texts[i]);
  }
  return one;
}

std::variant<CommandLine, ExitCode> ParseCommandLine(const std::vector<std::string>& arguments,
                                                     const std::string& default_server,
                                                     const Console& console) {
  CLI::App app(kAbout, "scamper-grpc");
  app.formatter(std::make_shared<HelpFormat>());
  app.require_subcommand(1);
  app.set_version_flag("--version", SCAMPER_GRPC_VERSION);
  CommonOptions before;
  AddCommon(&app, &before);

  InstancesOptions instances;
  CLI::App* list = app.add_subcommand("instances", "List the server's instances and their state.");
  list->group("Commands")->formatter(std::make_shared<HelpFormat>());
  AddCommon(list, &instances.common);
  AddFilter(list, &instances.filter, "Only those that match");
  AttachOptions attach;
  CLI::App* attaching = AddAttach(&app, &attach);
  DetachOptions detach;
  CLI::App* detaching = AddDetach(&app, &detach);
  std::list<MeasurementCommand> commands;
  const auto* kinds = v1::Measurement::descriptor()->FindOneofByName("kind");
  for (int i = 0; i < kinds->field_count(); ++i) {
    AddMeasurement(&app, kinds->field(i), &commands.emplace_back());
  }
  const std::vector<FileCommand> file_commands = AddFileCommands(&app);

  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
    if (before.server.empty()) before.server = default_server;
    for (MeasurementCommand& command : commands) {
      if (!command.app->parsed()) continue;
      command.options.destinations = Grouped(Expanded(command.destinations, console.in),
                                             ArgumentsOf(command.options.measurement));
      command.options.common = Merge(before, command.options.common);
      return CommandLine(std::move(command.options));
    }
    for (const FileCommand& command : file_commands) {
      if (command.app->parsed()) return CommandLine(command.options(before));
    }
    if (attaching->parsed()) {
      attach.common = Merge(before, attach.common);
      return CommandLine(std::move(attach));
    }
    if (detaching->parsed()) {
      detach.common = Merge(before, detach.common);
      return CommandLine(std::move(detach));
    }
    instances.common = Merge(before, instances.common);
    return CommandLine(std::move(instances));
  } catch (const CLI::Success& asked) {
    app.exit(asked, console.out, console.err);
    return kSuccess;
  } catch (const CLI::ParseError& error) {
    console.err << Complaint(app, error);
    return kUsageError;
  }
}

}  // namespace scamper::cli
