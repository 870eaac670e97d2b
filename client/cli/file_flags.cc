// SPDX-License-Identifier: Apache-2.0
#include "client/cli/file_flags.h"

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/cli/flags_from_proto.h"
#include "client/cli/help_format.h"
#include "client/cli/record_types.h"

namespace scamper::cli {
namespace {

using Values = std::vector<std::string>;

constexpr char kEndAfter[] = "End after this time, e.g. 60 or 500ms.";
constexpr char kName[] = "Name in the store.";
constexpr char kFile[] =
    "A path, - for standard input, or store:NAME for a file of the server's store.";
constexpr char kExitCodes[] =
    "Exit code: 0 all was read and written, 1 a file cannot be read or written, or is damaged "
    "(what precedes the damage was delivered, but not to the store), 4 damage was left out, 2 "
    "wrong usage, 3 the server cannot be reached or refused the call, 130 interrupted.";

CLI::App* AddCommand(CLI::App* app, const char* name, const char* about, const char* behind = "") {
  CLI::App* command = app->add_subcommand(name, about)->footer(Wrap(behind, 0, 80));
  command->group("Files")->formatter(std::make_shared<HelpFormat>());
  return command;
}

void AddFrom(CLI::App* app, files::InputKind* kind) {
  app->add_option_function<std::string>(
         "--from",
         [kind](const std::string& text) {
           if (text == "warts") {
             *kind = files::InputKind::kWarts;
           } else if (text == "arts") {
             *kind = files::InputKind::kArts;
           } else {
             Wrong("--from", absl::InvalidArgumentError(
                                 absl::StrCat("must be warts or arts, is '", text, "'")));
           }
         },
         "What the input is: warts or arts. Default: found from its first bytes; so is its "
         "compression (gzip, bzip2, xz), always.")
      ->option_text("KIND");
}

void AddRead(CLI::App* app, ReadOptions* read) {
  AddFrom(app, &read->kind);
  AddList(
      app, "--types",
      [read](const Values& values) {
        auto types = ParseRecordTypes(SplitList(values));
        if (!types.ok()) Wrong("--types", types.status());
        read->types = *std::move(types);
      },
      "Only records of these types, by name or number: trace,ping,7. Lists and cycles that the "
      "records name stay in warts output.")
      ->option_text("TYPE[,TYPE]");
  app->add_flag("--recover", read->recover,
                "Go on after damage: leave it out, and report each region that was left out. "
                "The exit code then is 4.");
}

Place ParseArgument(const char* argument, const std::string& text) {
  Place place = ParsePlace(text);
  if (place.kind == Place::Kind::kStandard || !place.name.empty()) return place;
  throw CLI::ValidationError(argument, "has no name");
}

struct ConvertFlags {
  ConvertOptions options;
  std::string to;
  std::string in;
  std::string out;
  bool scamper_json = false;
};

// What the output is, by --to or by OUT.
files::OutputKind ToKind(const std::string& to, const Place& out) {
  constexpr char kKinds[] =
      "warts, json, text or protobuf, or one of them with .gz, .bz2 or .xz behind it";
  const bool named = out.kind != Place::Kind::kStandard;
  if (!to.empty()) {
    absl::StatusOr<files::OutputKind> kind = files::ParseOutputKind(to);
    if (!kind.ok()) Wrong("--to", kind.status());
    if (named && kind->compression == io::Compression::kNone) {
      kind->compression = io::CompressionOfName(out.name);
    }
    return *kind;
  }
  if (!named) {
    throw CLI::ValidationError("--to",
                               absl::StrCat("say what standard output is to get: ", kKinds));
  }
  absl::StatusOr<files::OutputKind> kind = files::OutputKindOfName(out.name);
  if (kind.ok()) return *kind;
  throw CLI::ValidationError("OUT", absl::StrCat(std::string(kind.status().message()),
                                                 "; else say it with --to: ", kKinds));
}

ConvertOptions Checked(const ConvertFlags& flags, const CommonOptions& before) {
  ConvertOptions options = flags.options;
  options.common = Merge(before, options.common);
  options.in = ParseArgument("IN", flags.in);
  options.out = ParseArgument("OUT", flags.out);
  options.to = ToKind(flags.to, options.out);
  options.to.scamper_json = flags.scamper_json;
  if (flags.scamper_json && options.to.format != files::Format::kJson) {
    throw CLI::ValidationError("--scamper-json", "the output is not JSON");
  }
  const bool store =
      options.in.kind == Place::Kind::kStore || options.out.kind == Place::Kind::kStore;
  if (options.local && store) {
    throw CLI::ValidationError("--local",
                               "the store is the server's; a path is written ./store:NAME");
  }
  return options;
}

FileCommand AddConvert(CLI::App* app) {
  auto flags = std::make_shared<ConvertFlags>();
  ConvertOptions& options = flags->options;
  CLI::App* command = AddCommand(
      app, "convert",
      "Convert a result file to another kind, at the server, or here with --local. A file that is "
      "written appears whole, or not at all.",
      kExitCodes);
  command->add_option("IN", flags->in, kFile)->required();
  command
      ->add_option("OUT", flags->out,
                   "A path, - for standard output, or store:NAME for a file of the server's "
                   "store. May be IN.")
      ->required();
  AddServer(command, &options.common);
  AddTimeout(command, &options.common, kEndAfter);
  command->add_flag("--local", options.local, "In this process; needs no server.");
  AddRead(command, &options.read);
  command
      ->add_option("--to", flags->to,
                   "What the output is: warts, json, text or protobuf, and behind it .gz, .bz2 or "
                   ".xz: warts.gz. Default: by the end of OUT (.warts, .json, .txt, .pb, and the "
                   "compressions behind them).")
      ->option_text("KIND");
  command->add_flag("--scamper-json", flags->scamper_json,
                    "JSON exactly as sc_warts2json prints it, also where that is not correct "
                    "JSON, and without the records that it leaves out.");
  command->add_flag("--overwrite", options.overwrite,
                    "Replace a file of the store of that name; other files are replaced anyway.");
  return {command, [flags](const CommonOptions& before) { return Checked(*flags, before); }};
}

std::vector<Place> ParsePlaces(const Values& files) {
  std::vector<Place> places;
  for (const std::string& file : files) places.push_back(ParseArgument("FILE", file));
  return places;
}

// Options with common, and the arguments besides.
template <typename Options>
struct FilesFlags {
  Options options;
  Values files;
};

template <typename Options>
std::function<FileOptions(const CommonOptions&)> WithPlaces(
    std::shared_ptr<FilesFlags<Options>> flags) {
  return [flags](const CommonOptions& before) {
    Options options = flags->options;
    options.common = Merge(before, options.common);
    options.files = ParsePlaces(flags->files);
    return options;
  };
}

FileCommand AddCat(CLI::App* app) {
  auto flags = std::make_shared<FilesFlags<CatOptions>>();
  CLI::App* command =
      AddCommand(app, "cat", "Print the records of files as text, in this process.", kExitCodes);
  command->add_option("FILE", flags->files, kFile)->required();
  AddServer(command, &flags->options.common);
  AddJson(command, &flags->options.common);
  AddTimeout(command, &flags->options.common, kEndAfter);
  AddRead(command, &flags->options.read);
  return {command, WithPlaces(flags)};
}

FileCommand AddInfo(CLI::App* app) {
  auto flags = std::make_shared<FilesFlags<InfoOptions>>();
  CLI::App* command = AddCommand(
      app, "info",
      "Say what is in files: kind and size, records by type, the time span, vantage points with "
      "their lists and cycles, and damage. Reads all of each file, in this process.",
      kExitCodes);
  command->add_option("FILE", flags->files, kFile)->required();
  AddServer(command, &flags->options.common);
  AddJson(command, &flags->options.common);
  AddTimeout(command, &flags->options.common, kEndAfter);
  AddFrom(command, &flags->options.kind);
  return {command, WithPlaces(flags)};
}

FileCommand AddFiles(CLI::App* app) {
  auto options = std::make_shared<ListOptions>();
  CLI::App* command = AddCommand(app, "files", "List the files of the server's store.");
  AddServer(command, &options->common);
  AddJson(command, &options->common);
  AddTimeout(command, &options->common, kEndAfter);
  return {command, [options](const CommonOptions& before) {
            ListOptions list = *options;
            list.common = Merge(before, list.common);
            return list;
          }};
}

// NAME or store:NAME.
std::string StoreName(const std::string& text) {
  const Place place = ParsePlace(text);
  return place.kind == Place::Kind::kStore ? place.name : text;
}

// `text` as the place of a file that is not in the store.
Place Outside(const char* argument, const std::string& text) {
  Place place = ParseArgument(argument, text);
  if (place.kind != Place::Kind::kStore) return place;
  throw CLI::ValidationError(argument, "is in the store; a path is written ./store:NAME");
}

FileCommand AddPut(CLI::App* app) {
  auto options = std::make_shared<PutOptions>();
  auto file = std::make_shared<std::string>();
  CLI::App* command = AddCommand(
      app, "put", "Put a file into the server's store. It appears whole, or not at all.");
  command->add_option("FILE", *file, "A path, or - for standard input.")->required();
  command->add_option("NAME", options->name,
                      "Name in the store. Default: that of FILE without its folder.");
  AddServer(command, &options->common);
  AddTimeout(command, &options->common, kEndAfter);
  command->add_flag("--overwrite", options->overwrite, "Replace a file of that name.");
  return {command, [options, file](const CommonOptions& before) {
            PutOptions put = *options;
            put.common = Merge(before, put.common);
            put.in = Outside("FILE", *file);
            put.name = StoreName(put.name);
            if (put.name.empty()) put.name = put.in.name.substr(put.in.name.rfind('/') + 1);
            if (put.name.empty()) throw CLI::ValidationError("NAME", "say the name in the store");
            return put;
          }};
}

FileCommand AddGet(CLI::App* app) {
  auto options = std::make_shared<GetOptions>();
  auto out = std::make_shared<std::string>();
  CLI::App* command = AddCommand(
      app, "get", "Get a file out of the server's store. It appears whole, or not at all.");
  command->add_option("NAME", options->name, kName)->required();
  command->add_option("OUT", *out,
                      "A path, which is replaced, or - for standard output. Default: NAME.");
  AddServer(command, &options->common);
  AddTimeout(command, &options->common, kEndAfter);
  return {command, [options, out](const CommonOptions& before) {
            GetOptions get = *options;
            get.common = Merge(before, get.common);
            get.name = StoreName(get.name);
            get.out = Outside("OUT", out->empty() ? get.name : *out);
            return get;
          }};
}

FileCommand AddRemove(CLI::App* app) {
  auto options = std::make_shared<RemoveOptions>();
  CLI::App* command = AddCommand(app, "rm", "Remove files from the server's store.");
  command->add_option("NAME", options->names, kName)->required();
  AddServer(command, &options->common);
  AddTimeout(command, &options->common, kEndAfter);
  return {command, [options](const CommonOptions& before) {
            RemoveOptions remove = *options;
            remove.common = Merge(before, remove.common);
            for (std::string& name : remove.names) name = StoreName(name);
            return remove;
          }};
}

}  // namespace

std::vector<FileCommand> AddFileCommands(CLI::App* app) {
  return {AddConvert(app), AddCat(app), AddInfo(app),  AddFiles(app),
          AddPut(app),     AddGet(app), AddRemove(app)};
}

}  // namespace scamper::cli
