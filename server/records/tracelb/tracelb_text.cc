// SPDX-License-Identifier: Apache-2.0
#include "server/records/tracelb/tracelb_text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/records/tracelb/tracelb_summary.h"

namespace scamper::records {
namespace {

using v1::Tracelb;
using v1::TracelbLink;
using v1::TracelbNode;

constexpr size_t kMaxNodeText = 2047;

const char* Name(const TracelbNode& node) { return node.has_src() ? node.src().c_str() : "*"; }

const TracelbNode* Far(const Tracelb& tracelb, const TracelbLink& link) {
  const bool is_node = link.has_far() && link.far() < static_cast<uint32_t>(tracelb.nodes_size());
  return is_node ? &tracelb.nodes(static_cast<int>(link.far())) : nullptr;
}

void AppendHop(const v1::TracelbProbeset& set, std::string* out) {
  const TracelbHop hop = HopOf(set);
  if (hop.addresses.empty() && hop.silent_flows > 0) {
    out->push_back('*');
    return;
  }
  absl::StrAppend(out, "(", absl::StrJoin(hop.addresses, ", "));
  if (hop.silent_flows > 0) out->append(", *");
  out->push_back(')');
}

void AppendOnlyLink(const Tracelb& tracelb, const TracelbNode& node, const TracelbLink& link,
                    std::string* out) {
  absl::StrAppend(out, Name(node), " -> ");
  const int last = link.probesets_size() - 1;
  for (int i = 0; i < last; ++i) {
    AppendHop(link.probesets(i), out);
    out->append(" -> ");
  }
  const TracelbNode* far = Far(tracelb, link);
  if (far != nullptr) {
    out->append(Name(*far));
  } else {
    AppendHop(link.probesets(last), out);
  }
  out->push_back('\n');
}

// False where there is no text of the record.
bool AppendNode(const Tracelb& tracelb, const TracelbNode& node, std::string* out) {
  const auto& links = node.summary().links();
  const size_t begin = out->size();
  if (links.size() == 1) {
    const TracelbLink& link = tracelb.links(static_cast<int>(links[0]));
    if (link.probesets_size() == 0) return false;
    AppendOnlyLink(tracelb, node, link, out);
  } else {
    for (const uint32_t i : links) {
      const TracelbNode* far = Far(tracelb, tracelb.links(static_cast<int>(i)));
      absl::StrAppend(out, Name(node), " -> ", far == nullptr ? "*" : Name(*far), "\n");
    }
  }
  if (out->size() - begin > kMaxNodeText) out->resize(begin + kMaxNodeText);
  return true;
}

// Whether the summaries are those of the record.
bool HasLinks(const Tracelb& tracelb, const TracelbNode& node) {
  for (const uint32_t i : node.summary().links()) {
    if (i >= static_cast<uint32_t>(tracelb.links_size())) return false;
  }
  return true;
}

}  // namespace

void AppendTracelbText(const Tracelb& tracelb, std::string* out) {
  const size_t begin = out->size();
  out->append("tracelb");
  if (tracelb.has_src()) absl::StrAppend(out, " from ", tracelb.src());
  if (tracelb.has_dst()) absl::StrAppend(out, " to ", tracelb.dst());
  if (tracelb.has_src() || tracelb.has_dst()) out->push_back(',');
  absl::StrAppend(out, " ", tracelb.node_count(), " nodes, ", tracelb.link_count(), " links, ",
                  tracelb.probe_count(), " probes, ", tracelb.confidence(), "%\n");
  for (const TracelbNode& node : tracelb.nodes()) {
    if (HasLinks(tracelb, node) && AppendNode(tracelb, node, out)) continue;
    out->resize(begin);
    return;
  }
}

}  // namespace scamper::records
