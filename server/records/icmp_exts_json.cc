// SPDX-License-Identifier: Apache-2.0
#include "server/records/icmp_exts_json.h"

#include "server/records/json_text.h"

namespace scamper::records {
namespace {

void AppendLabels(const v1::IcmpExtension& ext, std::string* out) {
  JsonLiteral(",\"mpls_labels\":[", out);
  JsonJoin labels(",", out);
  for (const v1::MplsLabel& label : ext.mpls()) {
    labels.Next();
    JsonU8("{\"mpls_ttl\":", label.ttl(), out);
    JsonU32(",\"mpls_s\":", label.s() ? 1 : 0, out);
    JsonU32(",\"mpls_exp\":", label.exp(), out);
    JsonU32(",\"mpls_label\":", label.label(), out);
    out->push_back('}');
  }
  out->push_back(']');
}

}  // namespace

void JsonIcmpExts(const google::protobuf::RepeatedPtrField<v1::IcmpExtension>& exts,
                  std::string* out) {
  if (exts.empty()) return;
  JsonLiteral(",\"icmpext\":[", out);
  JsonJoin objects(",", out);
  for (const v1::IcmpExtension& ext : exts) {
    objects.Next();
    JsonU8("{\"ie_cn\":", ext.class_number(), out);
    JsonU8(",\"ie_ct\":", ext.class_type(), out);
    JsonU16(",\"ie_dl\":", ext.data().size(), out);
    if (ext.class_number() == 1 && ext.class_type() == 1) AppendLabels(ext, out);
    out->push_back('}');
  }
  out->push_back(']');
}

}  // namespace scamper::records
